import type { ListRecordingsInput, ListRecordingsOutput, RecordingInfo } from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import type { Services } from '../services.ts'
import { listFilter } from './recording-filter.ts'
import { compareNewestFirst, decodeCursor, encodeCursor } from './recording-order.ts'

/** ms that the index may be behind S3 when somebody looks at a list. */
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
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor)
  await index.ensureFresh(LIST_MAX_AGE_MS)
  const isWanted = listFilter(principal, input)
  const items: RecordingInfo[] = []
  for (const recording of index.all()) {
    if (after && compareNewestFirst(recording, after) <= 0) continue
    if (!isWanted(recording)) continue
    const last = items.at(-1)
    if (items.length === input.limit && last) return { items, nextCursor: encodeCursor(last) }
    items.push(recording)
  }
  return { items }
}
