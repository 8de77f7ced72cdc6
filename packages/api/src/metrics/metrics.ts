import type { RecordingCheck, RecordingStatus } from '@roomreel/contracts'

/** How a call to LiveKit or S3 went; `refused` is an answer, too: the other side could not or would not. */
export type CallOutcome = 'ok' | 'refused' | 'failed'

/** What became of a webhook: `ignored` ones are none of ours; `unavailable` ones come again. */
export type WebhookOutcome = 'stored' | 'ignored' | 'unauthorized' | 'unreadable' | 'unavailable'

/** What the application tells whoever watches over it. No label holds a name, an address or a key. */
export interface Metrics {
  s3Call(operation: string, outcome: CallOutcome, seconds: number): void
  liveKitCall(method: string, outcome: CallOutcome, seconds: number): void
  /** @param event LiveKit's name of it; `unknown` for what can't be read */
  webhook(event: string, outcome: WebhookOutcome): void
  recordingStarted(): void
  /** @param code of the error that was answered */
  startFailed(code: string): void
  recordingEnded(status: RecordingStatus): void
  fileChecked(check: RecordingCheck): void
  repaired(kind: string, isDone: boolean): void
  /** @param outcome `failed` writes are tried again; `dropped` entries are in the process's log alone */
  audited(outcome: 'written' | 'failed' | 'dropped', count: number): void
  /** A pass through the whole library is over. */
  reconciled(isDone: boolean): void
}

/** For whom nobody watches over. */
export const unmeasured: Metrics = {
  s3Call: () => undefined,
  liveKitCall: () => undefined,
  webhook: () => undefined,
  recordingStarted: () => undefined,
  startFailed: () => undefined,
  recordingEnded: () => undefined,
  fileChecked: () => undefined,
  repaired: () => undefined,
  audited: () => undefined,
  reconciled: () => undefined,
}

/** Runs a call and tells how it went. */
export async function measured<Answer>(
  call: () => Promise<Answer>,
  outcomeOf: (error: unknown) => CallOutcome,
  tell: (outcome: CallOutcome, seconds: number) => void,
): Promise<Answer> {
  const startedAt = performance.now()
  const seconds = () => (performance.now() - startedAt) / 1000
  try {
    const answer = await call()
    tell('ok', seconds())
    return answer
  } catch (error) {
    tell(outcomeOf(error), seconds())
    throw error
  }
}
