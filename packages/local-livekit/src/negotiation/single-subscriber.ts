import { MediaSectionsRequirement } from '@livekit/protocol'
import type { DownlinkTrack } from '../forwarding/downlink-track.ts'
import { DEPENDENCY_DESCRIPTOR_URI } from '../sdp/codecs.ts'
import { findCodec, type SectionPlan } from '../sdp/publisher-answer.ts'
import { extensionId, type RemoteSection } from '../sdp/remote-description.ts'
import type { SubscriberNegotiation } from './subscriber-negotiation.ts'

/**
 * Single-connection mode (`/rtc/v1`): the client offers sections to receive on, and the server fills them in its
 * answers. Where there are too few, or something changed, the client is asked to offer again.
 */
export class SingleSubscriber implements SubscriberNegotiation {
  readonly #requestOffer: (requirement: MediaSectionsRequirement) => void
  readonly #waiting = new Set<DownlinkTrack>()
  readonly #slots = new Map<string, DownlinkTrack>()
  readonly #usedMids = new Set<string>()
  #receiveSections: readonly RemoteSection[] = []
  #isWaitingForOffer = true
  #isDirty = false

  /** The first offer comes with the join request or soon after, so none is asked for before it. */
  constructor(requestOffer: (requirement: MediaSectionsRequirement) => void) {
    this.#requestOffer = requestOffer
  }

  add(downlink: DownlinkTrack): void {
    this.#waiting.add(downlink)
    this.#isDirty = true
  }

  remove(downlink: DownlinkTrack): void {
    this.#waiting.delete(downlink)
    for (const [mid, occupant] of this.#slots) if (occupant === downlink) this.#slots.delete(mid)
    this.#isDirty = true
  }

  negotiate(): void {
    if (this.#isWaitingForOffer || !this.#isDirty) return
    this.#isWaitingForOffer = true
    this.#isDirty = false
    this.#requestOffer(
      new MediaSectionsRequirement({ numAudios: this.#lacking('audio'), numVideos: this.#lacking('video') }),
    )
  }

  /** A request that got lost with its signal connection is made again. */
  restart(): void {
    this.#isWaitingForOffer = false
    this.#isDirty ||= this.#waiting.size > 0
  }

  /** Decides what is sent on the sections of a new offer. */
  onOffer(sections: readonly RemoteSection[]): void {
    this.#isWaitingForOffer = false
    this.#receiveSections = sections.filter(
      (section) => section.kind !== 'application' && section.direction === 'recvonly',
    )
    for (const [mid, downlink] of this.#slots)
      if (!this.#receiveSections.some((section) => section.mid === mid)) {
        this.#slots.delete(mid)
        this.#waiting.add(downlink)
      }
    for (const section of this.#receiveSections) {
      if (this.#slots.has(section.mid)) continue
      for (const downlink of this.#waiting)
        if (downlink.uplink.kind === section.kind && findCodec(section, downlink.uplink.codec)) {
          this.#waiting.delete(downlink)
          this.#slots.set(section.mid, downlink)
          if (this.#usedMids.has(section.mid)) downlink.leaveSyncGroup()
          this.#usedMids.add(section.mid)
          break
        }
    }
    this.#isDirty = this.#waiting.size > 0
  }

  /** What the answer says for a section the client receives on; undefined when nothing is sent there. */
  plan(section: RemoteSection): SectionPlan | undefined {
    const downlink = this.#slots.get(section.mid)
    const codec = downlink && findCodec(section, downlink.uplink.codec)
    if (!codec) return undefined
    downlink.payloadType = codec.payloadType
    downlink.dependencyDescriptorId =
      downlink.uplink.codec === 'av1' ? extensionId(section, DEPENDENCY_DESCRIPTOR_URI) : 0
    return { action: 'send', codec, stream: downlink.outgoingStream }
  }

  /** Which track each section carries; goes into every answer. */
  get midToTrackId(): Record<string, string> {
    return Object.fromEntries([...this.#slots].map(([mid, downlink]) => [mid, downlink.uplink.trackSid]))
  }

  #lacking(kind: 'audio' | 'video'): number {
    const needed = [...this.#waiting].filter((downlink) => downlink.uplink.kind === kind).length
    const free = this.#receiveSections.filter(
      (section) => section.kind === kind && !this.#slots.has(section.mid),
    ).length
    return Math.max(0, needed - free)
  }
}
