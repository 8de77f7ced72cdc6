import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cutIncompleteFragments } from '../mp4/cut-incomplete.ts'
import { summarise, writeFastStart } from '../mp4/write-fast-start.ts'
import type { RecordedFile } from './recorder-messages.ts'
import { FOLDER_FILES } from './recording-folder.ts'

/**
 * Makes the file that is uploaded of the one that was recorded: cut after the last complete fragment if the
 * recording broke off, then copied with its index in front. If that copy can't be made (disk full), the
 * recording itself is what is uploaded: it plays, too.
 *
 * @param onFallback told why there is no copy
 * @returns null if nothing playable was recorded
 */
export async function finaliseFile(
  folder: string,
  onFallback: (error: unknown) => void,
): Promise<RecordedFile | null> {
  const recording = join(folder, FOLDER_FILES.recording)
  const fastStart = join(folder, FOLDER_FILES.fastStart)
  if (!(await exists(recording)) || (await cutIncompleteFragments(recording)) === 0) return null
  try {
    const { durationSeconds } = await writeFastStart(recording, fastStart)
    const { size } = await stat(fastStart)
    return { name: FOLDER_FILES.fastStart, sizeBytes: size, durationSeconds }
  } catch (error) {
    await rm(fastStart, { force: true })
    onFallback(error)
  }
  try {
    const { durationSeconds } = await summarise(recording)
    const { size } = await stat(recording)
    return { name: FOLDER_FILES.recording, sizeBytes: size, durationSeconds }
  } catch (error) {
    onFallback(error)
    return null
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
