import type { ListedObject, ObjectStore } from '../../storage/object-store.ts'

/**
 * Lists all objects under a prefix, in several parts at once, because a single listing waits for each thousand keys.
 * @param ends the last keys of all parts but the last, as `partings` gives them
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function listInParts(
  objects: Pick<ObjectStore, 'list'>,
  prefix: string,
  ends: readonly string[],
  onObject: (object: ListedObject) => void,
): Promise<void> {
  const listPart = async (startAfter: string | undefined, end: string | undefined): Promise<void> => {
    for await (const object of objects.list(prefix, startAfter === undefined ? {} : { startAfter })) {
      if (end !== undefined && object.key > end) return
      onObject(object)
    }
  }
  await Promise.all(
    [...ends, undefined].map((end, part) => listPart(part === 0 ? undefined : ends[part - 1], end)),
  )
}
