/** How far a reader of events has come. */
export interface FeedPosition {
  /** Letters and digits; another text for each process. */
  readonly epoch: string
  /** How many events that process had told. */
  readonly sequence: number
  /** ms since the epoch, by that process's clock. */
  readonly time: number
}

const FORM = /^([0-9a-f]{12})-([0-9a-z]{1,10})-([0-9a-z]{1,10})$/

export function formatFeedPosition({ epoch, sequence, time }: FeedPosition): string {
  return `${epoch}-${sequence.toString(36)}-${Math.floor(time).toString(36)}`
}

/** @returns undefined for a text that is no such position */
export function parseFeedPosition(text: string): FeedPosition | undefined {
  const [, epoch, sequence, time] = FORM.exec(text) ?? []
  if (epoch === undefined || sequence === undefined || time === undefined) return undefined
  return { epoch, sequence: Number.parseInt(sequence, 36), time: Number.parseInt(time, 36) }
}
