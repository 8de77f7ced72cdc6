import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A secret that is made once and kept in the data folder, readable by its owner alone.
 * @param bytes of randomness; the secret is their base64url text
 */
export async function keptSecret(dataDir: string, fileName: string, bytes: number): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, fileName)
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
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const kept = (await readFile(path, 'utf8')).trim()
  if (kept === '') throw new Error(`${path} is empty: delete it, and a new secret is made at the next start`)
  return kept
}
