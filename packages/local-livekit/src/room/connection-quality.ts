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
  #lastUpdateMs = 0

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants
  }

  update(nowMs: number): void {
    if (nowMs - this.#lastUpdateMs < INTERVAL_MS) return
    this.#lastUpdateMs = nowMs
    const updates: { participant: Participant; info: ConnectionQualityInfo }[] = []
    for (const participant of this.#participants()) {
      if (!participant.media.connected) continue
      const quality = qualityOf(participant)
      if (this.#announced.get(participant.sid) === quality) continue
      this.#announced.set(participant.sid, quality)
      updates.push({
        participant,
        info: new ConnectionQualityInfo({ participantSid: participant.sid, quality, score: SCORES[quality] }),
      })
    }
    if (updates.length === 0) return
    for (const viewer of this.#participants()) {
      const visible = updates
        .filter(({ participant }) => participant.isVisibleTo(viewer))
        .map(({ info }) => info)
      if (visible.length > 0)
        viewer.send({ case: 'connectionQuality', value: new ConnectionQualityUpdate({ updates: visible }) })
    }
  }

  forget(participant: Participant): void {
    this.#announced.delete(participant.sid)
  }
}

function qualityOf(participant: Participant): ConnectionQuality {
  if (participant.media.silenceMs > LOST_SILENCE_MS) return ConnectionQuality.LOST
  let worst = 0
  for (const downlink of participant.media.downlinks) worst = Math.max(worst, downlink.fractionLost)
  if (worst >= POOR_LOSS) return ConnectionQuality.POOR
  return worst >= GOOD_LOSS ? ConnectionQuality.GOOD : ConnectionQuality.EXCELLENT
}
