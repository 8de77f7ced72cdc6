import { SpeakerInfo, SpeakersChanged } from '@livekit/protocol'
import type { Participant } from './participant.ts'

/** livekit-server's default for `audio.update_interval`. */
export const SPEAKER_INTERVAL_MS = 400
/** Smaller changes of a level are not worth a message; livekit-server rounds to steps of 1/8. */
const LEVEL_STEP = 1 / 8

/** Tells a room's participants who speaks: each message carries those whose state changed. */
export class SpeakerObserver {
  readonly #participants: () => Iterable<Participant>
  readonly #announced = new Map<string, number>()

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants
  }

  /** Ends an interval of 400 ms. */
  update(): void {
    const changed: SpeakerInfo[] = []
    for (const participant of this.#participants()) {
      const level =
        Math.ceil(participant.speakerLevel.takeLevel(SPEAKER_INTERVAL_MS) / LEVEL_STEP) * LEVEL_STEP
      if (participant.permission.hidden || level === (this.#announced.get(participant.sid) ?? 0)) continue
      if (level === 0) this.#announced.delete(participant.sid)
      else this.#announced.set(participant.sid, level)
      changed.push(new SpeakerInfo({ sid: participant.sid, level, active: level > 0 }))
    }
    this.#send(changed)
  }

  /** Tells a newcomer who speaks. */
  greet(newcomer: Participant): void {
    const speakers = [...this.#announced].map(([sid, level]) => new SpeakerInfo({ sid, level, active: true }))
    if (speakers.length > 0)
      newcomer.send({ case: 'speakersChanged', value: new SpeakersChanged({ speakers }) })
  }

  /** A participant left: it does not speak any more. */
  forget(participant: Participant): void {
    if (this.#announced.delete(participant.sid))
      this.#send([new SpeakerInfo({ sid: participant.sid, level: 0, active: false })])
  }

  #send(speakers: SpeakerInfo[]): void {
    if (speakers.length === 0) return
    const value = new SpeakersChanged({ speakers })
    for (const participant of this.#participants()) participant.send({ case: 'speakersChanged', value })
  }
}
