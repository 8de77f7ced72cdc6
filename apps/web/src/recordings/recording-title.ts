import type { RecordingInfo } from '@roomreel/contracts'
import { formatMoment } from './format-moment.ts'

/** What people call a recording: its room and when it began, e.g. "Weekly sync, 14:02". */
export function recordingTitle({ roomName, startedAt }: RecordingInfo): string {
  return `${roomName}, ${formatMoment(startedAt, Date.now())}`
}
