import { readFile, stat, utimes, writeFile } from 'node:fs/promises'

const TOUCH_INTERVAL_MS = 1000
/** An untouched file is taken for dead after this, even if a process with its number exists. */
const STALE_AFTER_MS = 10_000

/**
 * A file that says "process N looks after this folder", touched every second. Keeps two workers on one data
 * folder, and a worker and the recorder its predecessor left, out of each other's way.
 */
export class AliveFile {
  readonly #path: string
  readonly #timer: NodeJS.Timeout

  private constructor(path: string) {
    this.#path = path
    this.#timer = setInterval(() => void this.#touch(), TOUCH_INTERVAL_MS)
    this.#timer.unref()
  }

  static async create(path: string): Promise<AliveFile> {
    await writeFile(path, String(process.pid))
    return new AliveFile(path)
  }

  /** Stops touching the file, which counts as dead some seconds later or when the process ends. */
  close(): void {
    clearInterval(this.#timer)
  }

  async #touch(): Promise<void> {
    const now = new Date()
    // Gone with its folder, or on a full disk: either way there is nothing to do about it here
    await utimes(this.#path, now, now).catch(() => undefined)
  }
}

/** True if the file is being touched by another process that is still there. */
export async function isAlive(path: string): Promise<boolean> {
  try {
    const [{ mtimeMs }, text] = await Promise.all([stat(path), readFile(path, 'utf8')])
    const pid = Number(text)
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
    if (Date.now() - mtimeMs > STALE_AFTER_MS) return false
    return processExists(pid)
  } catch {
    return false
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to someone else
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
