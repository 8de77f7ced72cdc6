import { rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { errnoOf } from '../s3-error.ts'

/** Room for a few thousand deletions. */
const RESERVE_BYTES = 512 * 1024

/**
 * Space set aside for the time when the disk is full. Deleting an object has to be written down before its bytes can go,
 * so without a reserve a full disk could not be cleared.
 */
export class DiskReserve {
  readonly #file: string
  #held: boolean

  private constructor(file: string, held: boolean) {
    this.#file = file
    this.#held = held
  }

  static async open(dir: string): Promise<DiskReserve> {
    const file = path.join(dir, 'reserve')
    const size = await stat(file).then(
      (found) => found.size,
      (error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return 0
        throw error
      },
    )
    const reserve = new DiskReserve(file, size === RESERVE_BYTES)
    await reserve.restore()
    return reserve
  }

  /**
   * Gives the space up.
   *
   * @returns false if there was none left to give
   */
  async release(): Promise<boolean> {
    if (!this.#held) return false
    await rm(this.#file, { force: true })
    this.#held = false
    return true
  }

  /** Sets the space aside again, if the disk has it by now. */
  async restore(): Promise<void> {
    if (this.#held) return
    try {
      await writeFile(this.#file, Buffer.alloc(RESERVE_BYTES, 'reserve '))
      this.#held = true
    } catch (error) {
      await rm(this.#file, { force: true })
      if (!isDiskFull(error)) throw error
    }
  }
}

export function isDiskFull(error: unknown): boolean {
  const code = errnoOf(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
