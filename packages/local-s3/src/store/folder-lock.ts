import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { errnoOf } from '../s3-error.ts'
import { INSTANCE_HEADER } from '../http/instance-header.ts'
import { exclusively, isAlive } from './exclusive-section.ts'

const PROBE_TIMEOUT_MS = 3000
/** What an owner gets that no longer answers though its process, or one of the same id, is there. */
const LEAVING_LIMIT_MS = 2000
const POLL_MS = 50

const ownerSchema = z.object({ pid: z.int(), url: z.url(), instance: z.string() })
type Owner = z.infer<typeof ownerSchema>

/** Another server, alive, keeps its objects in the same folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
  /** Where that server answers. */
  readonly url: string

  constructor(dataDir: string, owner: Owner) {
    super(`${dataDir} is in use by the S3 server at ${owner.url} (process ${owner.pid})`)
    this.url = owner.url
  }
}

/**
 * Makes sure that one server alone works on a folder: two would not see each other's changes, and each would sweep away
 * what the other is writing. The lock of a server that was killed is recognised by nobody answering in its name.
 *
 * @throws FolderInUseError
 */
export async function lockFolder(
  dataDir: string,
  url: string,
  instance: string,
): Promise<{ readonly release: () => Promise<void> }> {
  await mkdir(dataDir, { recursive: true })
  const file = path.join(dataDir, 'lock.json')
  await exclusively(path.join(dataDir, 'lock.wait'), async () => {
    await ownerGone(dataDir, file)
    // Written aside and renamed, so that the file is never read half
    const next = path.join(dataDir, 'lock.next')
    await writeFile(next, JSON.stringify({ pid: process.pid, url, instance } satisfies Owner))
    await rename(next, file)
  })
  return {
    release: async () => {
      const owner = await readOwner(file)
      if (owner?.instance === instance) await rm(file, { force: true })
    },
  }
}

/** Returns once there is no owner; one that has stopped answering may still be closing its files. */
async function ownerGone(dataDir: string, file: string): Promise<void> {
  const limitMs = performance.now() + LEAVING_LIMIT_MS
  for (;;) {
    const owner = await readOwner(file)
    if (!owner) return
    if (await answers(owner)) throw new FolderInUseError(dataDir, owner)
    if (!isAlive(owner.pid) || performance.now() > limitMs) return
    await pause(POLL_MS)
  }
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch (error) {
    // A power failure may leave an empty file; its owner is gone for sure
    if (errnoOf(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError)
      return undefined
    throw error
  }
}

async function answers(owner: Owner): Promise<boolean> {
  try {
    const response = await fetch(owner.url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    await response.arrayBuffer()
    return response.headers.get(INSTANCE_HEADER) === owner.instance
  } catch (error) {
    // Not answering in time is a busy server; refusing the connection is none
    return error instanceof DOMException && error.name === 'TimeoutError'
  }
}
