import { appendFile, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RecordedImage } from '../recorder/recorder-messages.ts'
import { FOLDER_FILES } from '../recorder/recording-folder.ts'

/** Adds an image to the folder's list: one line of JSON each, so that a crash costs one line at most. */
export async function listImage(folder: string, image: RecordedImage): Promise<void> {
  await appendFile(join(folder, FOLDER_FILES.images), `${JSON.stringify(image)}\n`)
}

/** All images taken, uploaded or not. Lines that are not whole are left out. */
export async function readImages(folder: string): Promise<RecordedImage[]> {
  let text: string
  try {
    text = await readFile(join(folder, FOLDER_FILES.images), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [RecordedImage.parse(JSON.parse(line))]
    } catch {
      return []
    }
  })
}

/** True while the image waits on disk: it is removed once S3 has it. */
export async function isWaiting(folder: string, image: RecordedImage): Promise<boolean> {
  return stat(join(folder, image.name)).then(
    () => true,
    () => false,
  )
}

export async function forgetImage(folder: string, image: RecordedImage): Promise<void> {
  await rm(join(folder, image.name), { force: true })
}
