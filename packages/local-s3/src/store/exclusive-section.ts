import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { errnoOf } from '../s3-error.ts'

const POLL_MS = 20
/** Much longer than anything takes in here: whoever holds it for longer has been killed, and its pid is in use again. */
const ABANDONED_AFTER_MS = 30_000

/** Runs an action while no other process runs one under the same file. A process that was killed in it is passed over. */
export async function exclusively<T>(file: string, action: () => Promise<T>): Promise<T> {
  while (!(await create(file))) {
    if (await isAbandoned(file)) await rm(file, { force: true })
    else await pause(POLL_MS)
  }
  try {
    return await action()
  } finally {
    await rm(file, { force: true })
  }
}

async function create(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(file: string): Promise<boolean> {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    // Empty is one that is being written just now
    return (content !== '' && !isAlive(Number(content))) || Date.now() - mtimeMs > ABANDONED_AFTER_MS
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false
    throw error
  }
}

/** Whether there is a process of that id; it may be another one than the one that is meant. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is a process too
    return errnoOf(error) === 'EPERM'
  }
}
