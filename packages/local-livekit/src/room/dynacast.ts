import {
  SubscribedCodec,
  SubscribedQuality,
  SubscribedQualityUpdate,
  VideoQuality,
  type SignalResponse,
} from '@livekit/protocol'
import type { Publication } from './publication.ts'

/** livekit-server's `room.dynacast_pause_delay`. */
const DYNACAST_PAUSE_MS = 5000

/** Dynacast: tells a publisher's client which simulcast layers somebody wants. */
export class Dynacast {
  readonly #send: (message: SignalResponse['message']) => void
  readonly #announced = new Map<string, VideoQuality>()
  /** Since when less than announced is wanted of a publication, as `update` counts. */
  readonly #lessWantedSinceMs = new Map<string, number>()

  constructor(send: (message: SignalResponse['message']) => void) {
    this.#send = send
  }

  /**
   * What is wanted of a publication may have changed. More is told at once, less when it has been wanted for five
   * seconds, as LiveKit does: a layer is not stopped and started again while somebody looks away for a moment, and a
   * client that has just published knows its publication by then.
   *
   * @param nowMs null where time does not pass: only more is told
   */
  update(publication: Publication, nowMs: number | null): void {
    const { sid, uplink } = publication
    if (!uplink || uplink.kind !== 'video' || uplink.layerCount === 1) return
    const layers = [...uplink.downlinks]
      .filter((downlink) => !downlink.paused)
      .map((downlink) => downlink.maxLayer)
    const wanted = layers.length === 0 ? VideoQuality.OFF : qualityOfLayer(Math.max(...layers))
    const announced = this.#announced.get(sid) ?? VideoQuality.HIGH
    if (rankOf(wanted) >= rankOf(announced)) this.#lessWantedSinceMs.delete(sid)
    else if (nowMs === null || !this.#isLessWantedForLong(sid, nowMs)) return
    if (wanted === announced) return
    this.#announced.set(sid, wanted)
    const qualities = [VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH].map(
      (quality) =>
        new SubscribedQuality({ quality, enabled: wanted !== VideoQuality.OFF && quality <= wanted }),
    )
    this.#send({
      case: 'subscribedQualityUpdate',
      value: new SubscribedQualityUpdate({
        trackSid: sid,
        subscribedQualities: qualities,
        subscribedCodecs: [new SubscribedCodec({ codec: uplink.codec, qualities })],
      }),
    })
  }

  /** A publication ended. */
  forget(trackSid: string): void {
    this.#announced.delete(trackSid)
    this.#lessWantedSinceMs.delete(trackSid)
  }

  #isLessWantedForLong(sid: string, nowMs: number): boolean {
    const sinceMs = this.#lessWantedSinceMs.get(sid) ?? nowMs
    this.#lessWantedSinceMs.set(sid, sinceMs)
    if (nowMs - sinceMs < DYNACAST_PAUSE_MS) return false
    this.#lessWantedSinceMs.delete(sid)
    return true
  }
}

function rankOf(quality: VideoQuality): number {
  return quality === VideoQuality.OFF ? -1 : quality
}

function qualityOfLayer(layer: number): VideoQuality {
  return [VideoQuality.LOW, VideoQuality.MEDIUM][layer] ?? VideoQuality.HIGH
}
