/** Says when and by whom an entry of the log was written; later entries sort behind earlier ones. */
export interface ChangeId {
  /** ms since the epoch, by the writer's clock. */
  readonly time: number
  /** Letters and digits; another one for each process. */
  readonly writer: string
  /** Entries of one writer in the same ms differ by it. */
  readonly sequence: number
}

const TIME_DIGITS = 9
const SEQUENCE_DIGITS = 5
const FORM = /^([0-9a-z]{9})-([0-9a-z]+)-([0-9a-z]+)$/

export function formatChangeId({ time, writer, sequence }: ChangeId): string {
  return `${formatChangeTime(time)}-${writer}-${sequence.toString(36).padStart(SEQUENCE_DIGITS, '0')}`
}

/** What all ids of this time (ms since the epoch) or later sort behind. */
export function formatChangeTime(time: number): string {
  return Math.max(0, Math.floor(time)).toString(36).padStart(TIME_DIGITS, '0')
}

/** @returns undefined for a text that is no such id */
export function parseChangeId(text: string): ChangeId | undefined {
  const [, time, writer, sequence] = FORM.exec(text) ?? []
  if (time === undefined || writer === undefined || sequence === undefined) return undefined
  return { time: Number.parseInt(time, 36), writer, sequence: Number.parseInt(sequence, 36) }
}
