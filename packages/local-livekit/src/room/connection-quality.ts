import { ConnectionQuality, ConnectionQualityInfo, ConnectionQualityUpdate } from '@livekit/protocol'
import type { Participant } from './participant.ts'

/** As livekit-server's update interval. */
const INTERVAL_MS = 5_000
/** Clients check their path every 2.5 s (RFC 7675); after this long without anything it is lost. */
const LOST_SILENCE_MS = 8_000
/** Shares of lost packets, in 1/256. */
const POOR_LOSS = 26
const GOOD_LOSS = 8
const SCORES: Record<ConnectionQuality, number> = {
  [ConnectionQuality.EXCELLENT]: 5,
  [ConnectionQuality.GOOD]: 4,
  [ConnectionQuality.POOR]: 2,
  [ConnectionQuality.LOST]: 0,
}

/**
 * Tells participants how well they and those whom they are subscribed to are connected, as far as loss and silence
 * show it.
 */
export class ConnectionQualityObserver {
  readonly #participants: () => Iterable<Participant>
  readonly #announced = new Map<Participant, ConnectionQuality>()
  #lastUpdateMs = 0

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants
  }

  /** Every five seconds: if anything has changed, everybody is told everything, as livekit-server does. */
  update(nowMs: number): void {
    if (nowMs - this.#lastUpdateMs < INTERVAL_MS) return
    this.#lastUpdateMs = nowMs
    let changed = false
    for (const participant of this.#participants()) {
      if (!participant.media.connected) continue
      const quality = qualityOf(participant)
      changed ||= this.#announced.get(participant) !== quality
      this.#announced.set(participant, quality)
    }
    if (!changed) return
    for (const receiver of this.#participants())
      this.#send(receiver, [receiver, ...receiver.subscriptions.publishers])
  }

  /** Somebody has its first track of a publisher. */
  onSubscribed(subscriber: Participant, publisher: Participant): void {
    this.#send(subscriber, [publisher])
  }

  forget(participant: Participant): void {
    this.#announced.delete(participant)
  }

  #send(receiver: Participant, participants: readonly Participant[]): void {
    const updates = participants.flatMap((participant) => {
      const quality = this.#announced.get(participant)
      if (quality === undefined) return []
      return [new ConnectionQualityInfo({ participantSid: participant.sid, quality, score: SCORES[quality] })]
    })
    if (updates.length > 0)
      receiver.send({ case: 'connectionQuality', value: new ConnectionQualityUpdate({ updates }) })
  }
}

function qualityOf(participant: Participant): ConnectionQuality {
  if (participant.media.silenceMs > LOST_SILENCE_MS) return ConnectionQuality.LOST
  let worst = 0
  for (const downlink of participant.media.downlinks) worst = Math.max(worst, downlink.fractionLost)
  if (worst >= POOR_LOSS) return ConnectionQuality.POOR
  return worst >= GOOD_LOSS ? ConnectionQuality.GOOD : ConnectionQuality.EXCELLENT
}
