import { open } from 'node:fs/promises'

/**
 * Makes the names in a folder durable: a file's own fsync does not cover the entry that leads to it. Windows has no such
 * thing for folders, and does not need it.
 */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
