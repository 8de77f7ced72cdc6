import type { RecordingInfo } from '@roomreel/contracts'

export interface CheckInWords {
  readonly tone: 'good' | 'warning' | 'bad'
  /** A word or two for a row. */
  readonly label: string
  /** A sentence or two: what it means for whoever wants to watch. */
  readonly text: string
}

/**
 * What a look at the file has found; undefined where nobody has looked, and for a file that is not there, which is
 * the recording's state. Pure.
 */
export function checkInWords({ check }: Pick<RecordingInfo, 'check'>): CheckInWords | undefined {
  switch (check) {
    case 'verified':
      return { tone: 'good', label: 'Verified', text: 'The file was checked: all of it is there.' }
    case 'short':
      return {
        tone: 'warning',
        label: 'Shorter than it should be',
        text: 'This is shorter than the meeting was recorded. What was saved can be played.',
      }
    case 'no audio':
      return { tone: 'warning', label: 'No sound', text: 'Nobody can be heard: it was saved without sound.' }
    case 'damaged':
      return {
        tone: 'bad',
        label: 'Damaged',
        text: 'The file is damaged. It may play in part or not at all.',
      }
    case 'missing':
    case undefined:
      return undefined
  }
}
