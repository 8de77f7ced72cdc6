import { OperatorError } from '@roomreel/service'
import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A secret that is made once and kept in the data folder, readable by its owner alone.
 * @param fileName as the variable that can be set instead, in lower case with hyphens
 * @param bytes of randomness; the secret is their base64url text
 * @throws OperatorError when the folder can not be written to
 */
export async function keptSecret(dataDir: string, fileName: string, bytes: number): Promise<string> {
  const path = join(dataDir, fileName)
  try {
    await mkdir(dataDir, { recursive: true })
    return (await makeSecret(path, bytes)) ?? (await readSecret(path))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const variable = fileName.toUpperCase().replaceAll('-', '_')
    throw new OperatorError(
      `${variable} is not set, and none can be kept in ${dataDir} (${error.message}). Set ${variable}, or DATA_DIR to a folder that can be written to.`,
      { cause: error },
    )
  }
}

/** @returns undefined when there is one already */
async function makeSecret(path: string, bytes: number): Promise<string | undefined> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const secret = randomBytes(bytes).toString('base64url')
      await file.writeFile(`${secret}\n`)
      await file.sync()
      return secret
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  }
}

async function readSecret(path: string): Promise<string> {
  const kept = (await readFile(path, 'utf8')).trim()
  if (kept === '') throw new Error(`${path} is empty: delete it, and a new secret is made at the next start`)
  return kept
}
