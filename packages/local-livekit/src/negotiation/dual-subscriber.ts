import { SessionDescription } from '@livekit/protocol'
import type { DownlinkTrack } from '../forwarding/downlink-track.ts'
import { OFFERED_CODECS, OFFERED_DEPENDENCY_DESCRIPTOR_ID } from '../sdp/codecs.ts'
import type { LocalTransport } from '../sdp/local-transport.ts'
import { parseRemoteDescription } from '../sdp/remote-description.ts'
import { serializeOffer } from '../sdp/subscriber-offer.ts'
import type { MediaTransport } from '../transport/media-transport.ts'
import type { SubscriberNegotiation } from './subscriber-negotiation.ts'

interface Section {
  readonly mid: string
  readonly kind: 'audio' | 'video'
  readonly codec: string
  downlink: DownlinkTrack | undefined
}

export interface DualSubscriberOptions {
  transport: MediaTransport
  localTransport: () => LocalTransport
  sendOffer: (offer: SessionDescription) => void
  onNegotiated: () => void
}

/**
 * Dual-connection mode (`/rtc`): the server offers. One offer is in flight at a time; what changes meanwhile goes into
 * the next one.
 */
export class DualSubscriber implements SubscriberNegotiation {
  readonly #options: DualSubscriberOptions
  readonly #sections: Section[] = []
  #offerId = 0
  #isWaiting = false
  /** The first offer carries the data channels, so it is due from the start. */
  #isDirty = true

  constructor(options: DualSubscriberOptions) {
    this.#options = options
  }

  add(downlink: DownlinkTrack): void {
    const { kind, codec } = downlink.uplink
    const offered = OFFERED_CODECS[codec]
    if (!offered) return
    downlink.payloadType = offered.payloadType
    downlink.dependencyDescriptorId = codec === 'av1' ? OFFERED_DEPENDENCY_DESCRIPTOR_ID : 0
    const free = this.#sections.find(
      (section) => !section.downlink && section.kind === kind && section.codec === codec,
    )
    if (free) {
      downlink.leaveSyncGroup()
      free.downlink = downlink
    } else this.#sections.push({ mid: String(this.#sections.length + 1), kind, codec, downlink })
    this.#isDirty = true
  }

  remove(downlink: DownlinkTrack): void {
    const section = this.#sections.find((candidate) => candidate.downlink === downlink)
    if (!section) return
    section.downlink = undefined
    this.#isDirty = true
  }

  negotiate(): void {
    if (this.#isWaiting || !this.#isDirty) return
    this.#isWaiting = true
    this.#isDirty = false
    this.#offerId++
    const midToTrackId: Record<string, string> = {}
    for (const { mid, downlink } of this.#sections) if (downlink) midToTrackId[mid] = downlink.uplink.trackSid
    const sections = this.#sections.map(({ mid, kind, codec, downlink }) => ({
      mid,
      kind,
      codec,
      stream: downlink?.outgoingStream,
    }))
    const sdp = serializeOffer(sections, this.#options.localTransport(), this.#offerId)
    this.#options.sendOffer(new SessionDescription({ type: 'offer', sdp, id: this.#offerId, midToTrackId }))
  }

  /** After a resume the client waits for an offer with new ICE credentials; an unanswered one is void. */
  restart(): void {
    this.#options.transport.restartIce()
    this.#isWaiting = false
    this.#isDirty = true
    this.negotiate()
  }

  /** Takes the client's answer; returns what is wrong with it, if anything. Answers to former offers are ignored. */
  onAnswer(answer: SessionDescription): string | undefined {
    if (!this.#isWaiting || (answer.id !== 0 && answer.id !== this.#offerId)) return undefined
    const remote = parseRemoteDescription(answer.sdp)
    if ('error' in remote) return remote.error
    this.#isWaiting = false
    this.#options.transport.setAnswer(remote.iceUfrag, remote.fingerprint)
    this.#options.onNegotiated()
    this.negotiate()
    return undefined
  }
}
