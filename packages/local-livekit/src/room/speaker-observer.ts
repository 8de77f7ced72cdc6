import { SpeakerInfo, SpeakersChanged } from '@livekit/protocol'
import type { Participant } from './participant.ts'

/** livekit-server's default for `audio.update_interval`. */
export const SPEAKER_INTERVAL_MS = 400
/** Smaller changes of a level are not worth a message; livekit-server rounds to steps of 1/8. */
const LEVEL_STEP = 1 / 8
const SIMULATED_LEVEL = 0.9

interface Speaker {
  readonly participant: Participant
  /** 0 (silent) to 1. */
  readonly level: number
}

/**
 * Tells who speaks: each message carries those whose state changed, of whom its receiver is subscribed to, and its
 * receiver.
 */
export class SpeakerObserver {
  readonly #participants: () => Iterable<Participant>
  readonly #announced = new Map<Participant, number>()

  constructor(participants: () => Iterable<Participant>) {
    this.#participants = participants
  }

  /** Ends an interval of 400 ms. */
  update(): void {
    const changed: Speaker[] = []
    for (const participant of this.#participants()) {
      const level =
        Math.ceil(participant.speakerLevel.takeLevel(SPEAKER_INTERVAL_MS) / LEVEL_STEP) * LEVEL_STEP
      if (participant.permission.hidden || level === (this.#announced.get(participant) ?? 0)) continue
      if (level === 0) this.#announced.delete(participant)
      else this.#announced.set(participant, level)
      changed.push({ participant, level })
    }
    this.#tell(changed)
  }

  /** A fault that a client asks for to test itself: for a time it is shown as speaking, without a sound. */
  simulate(participant: Participant, seconds: number): void {
    this.#tell([{ participant, level: SIMULATED_LEVEL }])
    setTimeout(() => this.#tell([{ participant, level: 0 }]), seconds * 1000).unref()
  }

  /** Somebody has its first track of a publisher, or none any more. */
  onSubscription(subscriber: Participant, publisher: Participant, subscribed: boolean): void {
    const level = this.#announced.get(publisher) ?? 0
    if (subscribed && level > 0) send(subscriber, [{ participant: publisher, level }])
    if (!subscribed) send(subscriber, [{ participant: publisher, level: 0 }])
  }

  forget(participant: Participant): void {
    this.#announced.delete(participant)
  }

  #tell(speakers: readonly Speaker[]): void {
    for (const receiver of this.#participants())
      send(
        receiver,
        speakers.filter(
          ({ participant }) => participant === receiver || receiver.subscriptions.includes(participant),
        ),
      )
  }
}

function send(receiver: Participant, speakers: readonly Speaker[]): void {
  if (speakers.length === 0) return
  const infos = speakers.map(
    ({ participant, level }) => new SpeakerInfo({ sid: participant.sid, level, active: level > 0 }),
  )
  receiver.send({ case: 'speakersChanged', value: new SpeakersChanged({ speakers: infos }) })
}
