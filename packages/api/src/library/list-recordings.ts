import type { ListRecordingsInput, ListRecordingsOutput, RecordingInfo } from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import type { Services } from '../services.ts'
import { listFilter } from './recording-filter.ts'
import { decodeCursor, encodeCursor } from './recording-order.ts'

/** ms that the index may be behind the other replicas when somebody looks at a list. */
const LIST_MAX_AGE_MS = 2_000

/**
 * One page of recordings, newest first.
 * @throws AppError BAD_REQUEST for a cursor that is none, SERVICE_UNAVAILABLE
 */
export async function listRecordings(
  { index }: Pick<Services, 'index'>,
  principal: LibraryPrincipal,
  input: ListRecordingsInput,
): Promise<ListRecordingsOutput> {
  const { cursor, limit, startedFrom = 0, startedBefore } = input
  const after = cursor === undefined ? undefined : decodeCursor(cursor)
  await index.ensureFresh(LIST_MAX_AGE_MS, isNewestOfAll(principal, input) ? limit + 1 : undefined)
  const isWanted = listFilter(principal, input)
  const { order } = index
  const items: RecordingInfo[] = []
  let place = Math.max(
    after ? order.indexAfter(after) : 0,
    startedBefore === undefined ? 0 : order.indexStartedBefore(startedBefore),
  )
  for (; place < order.size; place++) {
    const recording = order.at(place)
    if (!recording || recording.startedAt < startedFrom) break
    if (!isWanted(recording)) continue
    const last = items.at(-1)
    if (items.length === limit && last) return { items, nextCursor: encodeCursor(last) }
    items.push(recording)
  }
  return { items }
}

/** Whether the page is what the list begins with, whoever recorded what. */
function isNewestOfAll(principal: LibraryPrincipal, input: ListRecordingsInput): boolean {
  const { cursor, roomName, roomId, search, startedFrom, startedBefore, statuses } = input
  const narrowing = [cursor, roomName, roomId, search, startedFrom, startedBefore, statuses]
  return principal.kind === 'admin' && narrowing.every((each) => each === undefined)
}
