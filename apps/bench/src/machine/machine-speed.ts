import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BLOCK_BYTES = 1 << 20
const SHA256_MS = 300
const FSYNC_MS = 300
const FSYNC_WRITE_BYTES = 4096

/** How fast the machine itself is at this moment: a figure measured on a busy one shows here. */
export interface MachineSpeed {
  /** One core, 10^6 bytes a second. */
  readonly sha256MBps: number
  /** Writes of 4 KiB made durable, one after the other, in the folder for temporary files. */
  readonly fsyncsPerSecond: number
}

export async function measureMachine(): Promise<MachineSpeed> {
  return { sha256MBps: sha256(), fsyncsPerSecond: await fsyncs() }
}

function sha256(): number {
  const block = Buffer.alloc(BLOCK_BYTES, 0x5a)
  const hash = createHash('sha256')
  const startedAt = performance.now()
  let bytes = 0
  let elapsedMs = 0
  do {
    hash.update(block)
    bytes += BLOCK_BYTES
    elapsedMs = performance.now() - startedAt
  } while (elapsedMs < SHA256_MS)
  return bytes / 1e6 / (elapsedMs / 1000)
}

async function fsyncs(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'roomreel-bench-'))
  try {
    const file = await open(join(folder, 'fsync'), 'w')
    try {
      const block = Buffer.alloc(FSYNC_WRITE_BYTES)
      const startedAt = performance.now()
      let count = 0
      let elapsedMs = 0
      do {
        await file.write(block, 0, block.length, 0)
        await file.sync()
        count++
        elapsedMs = performance.now() - startedAt
      } while (elapsedMs < FSYNC_MS)
      return count / (elapsedMs / 1000)
    } finally {
      await file.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
