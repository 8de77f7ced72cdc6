import { deleteSharesOf } from '../share/delete-shares-of.ts'
import type { Services } from '../services.ts'
import type { Tombstone } from './tombstone.ts'

/**
 * Removes what is left of a deleted recording, then says so in its tombstone. It can be repeated.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function finishDeletion(services: Services, tombstone: Tombstone): Promise<void> {
  const { index, keys, objects, store } = services
  const { name, thumbnail } = tombstone
  const records = [keys.metadata(name), keys.failed(name)]
  await objects.delete(keys.file(name))
  for (const picture of new Set([keys.thumbnailFor(name), thumbnail ?? keys.thumbnailFor(name)]))
    await deletePictures(services, picture)
  for (const key of records) {
    await objects.delete(key)
    index.remove(key)
  }
  await deleteSharesOf(services, name)
  await store.putTombstone({ ...tombstone, state: 'deleted' })
}

/**
 * Deletes a picture, and what a recorder makes of it that numbers its pictures because it can not overwrite one:
 * `x_00001.jpeg` or `x.jpeg00001.jpeg` in place of `x.jpeg`, as some versions of LiveKit's Egress do.
 */
async function deletePictures({ index, keys, objects }: Services, picture: string): Promise<void> {
  const stem = keys.file(picture.replace(/\.jpeg$/, ''))
  for await (const { key } of objects.list(stem)) {
    const ending = key.slice(stem.length)
    const isNumbered = /^(?:_|\.jpeg)\d+\.jpeg$/.test(ending)
    // A recording may be called as one of them: then it is its picture
    const isOthers = isNumbered && index.get(keys.recordingOfPicture(key)) !== undefined
    if (ending === '.jpeg' || (isNumbered && !isOthers)) await objects.delete(key)
  }
}
