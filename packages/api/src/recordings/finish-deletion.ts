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
  for (const key of [
    keys.file(name),
    ...(thumbnail === undefined ? [] : [keys.file(thumbnail)]),
    ...records,
  ]) {
    await objects.delete(key)
  }
  for (const key of records) index.remove(key)
  await deleteSharesOf(services, name)
  await store.putTombstone({ ...tombstone, state: 'deleted' })
}
