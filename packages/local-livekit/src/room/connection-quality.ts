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

/** Tells a room's participants how well each of them is connected, as far as loss and silence show it. */
export class ConnectionQualityObserver {
  readonly #participants: () => Iterable<Participant>
  readonly #announced = new Map<string, ConnectionQuality>()
  readonly #informed = new Set<string>()
  #lastUpdateMs = 0

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants
  }

  update(nowMs: number): void {
    if (nowMs - this.#lastUpdateMs < INTERVAL_MS) return
    this.#lastUpdateMs = nowMs
    const all: { participant: Participant; isNew: boolean; info: ConnectionQualityInfo }[] = []
    for (const participant of this.#participants()) {
      if (!participant.media.connected) continue
      const quality = qualityOf(participant)
      const isNew = this.#announced.get(participant.sid) !== quality
      this.#announced.set(participant.sid, quality)
      const info = new ConnectionQualityInfo({
        participantSid: participant.sid,
        quality,
        score: SCORES[quality],
      })
      all.push({ participant, isNew, info })
    }
    for (const viewer of this.#participants()) {
      // Somebody who is told for the first time learns about everybody, later only what changed
      const isInformed = this.#informed.has(viewer.sid)
      this.#informed.add(viewer.sid)
      const updates = all.filter(
        ({ participant, isNew }) => participant.isVisibleTo(viewer) && (isNew || !isInformed),
      )
      if (updates.length === 0) continue
      const value = new ConnectionQualityUpdate({ updates: updates.map(({ info }) => info) })
      viewer.send({ case: 'connectionQuality', value })
    }
  }

  forget(participant: Participant): void {
    this.#announced.delete(participant.sid)
    this.#informed.delete(participant.sid)
  }
}

function qualityOf(participant: Participant): ConnectionQuality {
  if (participant.media.silenceMs > LOST_SILENCE_MS) return ConnectionQuality.LOST
  let worst = 0
  for (const downlink of participant.media.downlinks) worst = Math.max(worst, downlink.fractionLost)
  if (worst >= POOR_LOSS) return ConnectionQuality.POOR
  return worst >= GOOD_LOSS ? ConnectionQuality.GOOD : ConnectionQuality.EXCELLENT
}
