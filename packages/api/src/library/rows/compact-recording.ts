import type { RecordingInfo } from '@roomreel/contracts'

/** Different texts that are remembered; more rooms than that only cost memory. */
const MAX_TEXTS = 20_000

/** Gives equal texts as one, so that what many recordings have in common is kept once. */
export type Intern = (text: string) => string

export function createIntern(): Intern {
  const texts = new Map<string, string>()
  return (text) => {
    const known = texts.get(text)
    if (known !== undefined) return known
    if (texts.size >= MAX_TEXTS) texts.clear()
    texts.set(text, text)
    return text
  }
}

/**
 * A recording as the library keeps it: the fields that procedures give, and no more. Pure.
 * @param name what its key says, which is where its file is
 */
export function compactRecording(recording: RecordingInfo, name: string, intern: Intern): RecordingInfo {
  const { id, roomName, roomId, startedAt, duration, size, status } = recording
  // Written field by field: objects that are spread together take twice the memory
  const compact: RecordingInfo = {
    id,
    name,
    roomName: intern(roomName),
    roomId: intern(roomId),
    startedAt,
    duration,
    size,
    status,
  }
  if (recording.updatedAt !== undefined) compact.updatedAt = recording.updatedAt
  if (recording.layout !== undefined) compact.layout = recording.layout
  if (recording.check !== undefined) compact.check = recording.check
  if (recording.thumbnail !== undefined) compact.thumbnail = recording.thumbnail
  if (recording.error !== undefined) compact.error = intern(recording.error)
  return compact
}

/** A copy that does not keep the answer alive which the text was cut out of. */
export function ownText(text: string): string {
  return Buffer.from(text).toString()
}
