import { SessionDescription, type MediaSectionsRequirement } from '@livekit/protocol'
import type { Logger } from 'pino'
import type { Counters } from '../counters.ts'
import { DownlinkTrack } from '../forwarding/downlink-track.ts'
import { SERVER_SSRC, type UplinkTrack } from '../forwarding/uplink-track.ts'
import { DualSubscriber } from '../negotiation/dual-subscriber.ts'
import { SingleSubscriber } from '../negotiation/single-subscriber.ts'
import { parseKeyframeRequest } from '../rtcp/keyframe-request.ts'
import { NACK_FORMAT, parseNack } from '../rtcp/nack.ts'
import { parseReportBlocks, serializeReceiverReport, type ReportBlock } from '../rtcp/receiver-report.ts'
import { serializeRemb } from '../rtcp/remb.ts'
import { parseRtcpCompound, RTCP_TYPE } from '../rtcp/rtcp-compound.ts'
import { parseSenderReport } from '../rtcp/sender-report.ts'
import { AUDIO_LEVEL_URI } from '../rtp/audio-level.ts'
import type { RtpPacket } from '../rtp/rtp-packet.ts'
import { DEPENDENCY_DESCRIPTOR_URI } from '../sdp/codecs.ts'
import type { LocalTransport } from '../sdp/local-transport.ts'
import {
  choosePublishCodec,
  MID_URI,
  RID_URI,
  serializeAnswer,
  type SectionPlan,
} from '../sdp/publisher-answer.ts'
import { extensionId, parseRemoteDescription, type RemoteSection } from '../sdp/remote-description.ts'
import { MediaTransport } from '../transport/media-transport.ts'
import type { UdpMux } from '../transport/udp-mux.ts'
import type { DtlsCertificate } from '../transport/werift.ts'

/** What all sessions of a server share. */
export interface MediaEnvironment {
  readonly mux: UdpMux
  readonly certificate: DtlsCertificate
  /** Addresses that clients are told, the preferred one first. */
  readonly addresses: readonly string[]
  readonly counters: Counters
  readonly logger: Logger
}

/** A section of the client's latest offer on which it sends. */
export interface PublishedSection {
  readonly mid: string
  readonly trackId: string
  readonly kind: 'audio' | 'video'
  readonly codec: string
  readonly clockRate: number
  readonly rids: readonly string[]
  readonly ssrcs: readonly number[]
  readonly audioLevelId: number
  readonly dependencyDescriptorId: number
}

export interface MediaSessionEvents {
  /** Codec (lower case) in which the track with this client-side id should be published, if it is known. */
  wantedCodec(trackId: string): string | undefined
  /** The client's sections changed. */
  onSections(sections: readonly PublishedSection[]): void
  /** The connection that `connect()` of the client waits for is up. */
  onConnected(): void
  onDataMessage(label: string, data: Buffer): void
  sendOffer(offer: SessionDescription): void
  requestOffer(requirement: MediaSectionsRequirement): void
  /** A transport ended for good. */
  onFailed(reason: string): void
}

export const RELIABLE_LABEL = '_reliable'
export const LOSSY_LABEL = '_lossy'
const DATA_TRACK_LABEL = '_data_track'
/** Ids of the channels the server opens in dual mode; odd, as the DTLS server's are (RFC 8832, section 6). */
const CHANNEL_IDS = { [RELIABLE_LABEL]: 1, [LOSSY_LABEL]: 3, [DATA_TRACK_LABEL]: 5 } as const

/** Enough for three simulcast layers of a few tracks; a local network has more. */
const REMB_BPS = 20_000_000

/** The media side of one participant: its one or two transports, what it publishes and what it receives. */
export class MediaSession {
  readonly publisher: MediaTransport
  /** The same as `publisher` in single-connection mode. */
  readonly subscriber: MediaTransport
  readonly #environment: MediaEnvironment
  readonly #events: MediaSessionEvents
  readonly #single: SingleSubscriber | undefined
  readonly #dual: DualSubscriber | undefined
  readonly #uplinksByMid = new Map<string, UplinkTrack>()
  readonly #uplinksBySsrc = new Map<number, UplinkTrack>()
  readonly #downlinksBySsrc = new Map<number, DownlinkTrack>()
  #midExtensionId = 0
  #ridExtensionId = 0
  #answerVersion = 0

  constructor(mode: 'single' | 'dual', environment: MediaEnvironment, events: MediaSessionEvents) {
    this.#environment = environment
    this.#events = events
    this.publisher = this.#openTransport(mode === 'single')
    if (mode === 'single') {
      this.subscriber = this.publisher
      this.#single = new SingleSubscriber((requirement) => events.requestOffer(requirement))
    } else {
      this.subscriber = this.#openTransport(true)
      this.#dual = new DualSubscriber({
        transport: this.subscriber,
        localTransport: () => this.#localTransport(this.subscriber),
        sendOffer: (offer) => events.sendOffer(offer),
        onNegotiated: () => this.#refreshDownlinks(),
      })
      const channels = this.subscriber.useDataChannels()
      channels.open(CHANNEL_IDS[RELIABLE_LABEL], {
        label: RELIABLE_LABEL,
        ordered: true,
        maxRetransmits: undefined,
      })
      channels.open(CHANNEL_IDS[LOSSY_LABEL], { label: LOSSY_LABEL, ordered: false, maxRetransmits: 0 })
      channels.open(CHANNEL_IDS[DATA_TRACK_LABEL], {
        label: DATA_TRACK_LABEL,
        ordered: false,
        maxRetransmits: 0,
      })
    }
  }

  get connected(): boolean {
    return this.subscriber.connected
  }

  /** True once one of the transports has ended: what is left of the session is of no use. */
  get closed(): boolean {
    return this.publisher.closed || this.subscriber.closed
  }

  /** Milliseconds since the client was last heard of on any of its media paths. */
  get silenceMs(): number {
    return Math.min(this.publisher.silenceMs, this.subscriber.silenceMs)
  }

  get downlinks(): Iterable<DownlinkTrack> {
    return this.#downlinksBySsrc.values()
  }

  /** Answers an offer of the client, or says what is wrong with it. */
  onOffer(offer: SessionDescription): SessionDescription | { error: string } {
    const remote = parseRemoteDescription(offer.sdp)
    if ('error' in remote) return remote
    this.#single?.onOffer(remote.sections)
    const published: PublishedSection[] = []
    const plans = remote.sections.map((section) => this.#plan(section, published))
    this.publisher.setRemote(remote.iceUfrag, remote.fingerprint)
    this.#events.onSections(published)
    this.#answerVersion++
    const sdp = serializeAnswer(remote, plans, this.#localTransport(this.publisher), this.#answerVersion)
    return new SessionDescription({
      type: 'answer',
      sdp,
      id: offer.id,
      midToTrackId: this.#single?.midToTrackId ?? {},
    })
  }

  /** Call it once the answer to `onOffer` is on its way: tracks that found no section need another round. */
  afterAnswer(): void {
    this.#refreshDownlinks()
    this.#single?.negotiate()
  }

  /** Takes the client's answer to a server offer; returns what is wrong with it, if anything. */
  onAnswer(answer: SessionDescription): string | undefined {
    return this.#dual ? this.#dual.onAnswer(answer) : 'an answer without an offer'
  }

  negotiate(): void {
    this.#single?.negotiate()
    this.#dual?.negotiate()
  }

  /** The signal connection was lost and is back: what was under way on it is begun again. */
  restart(): void {
    this.#single?.restart()
    this.#dual?.restart()
  }

  /** Packets of this section belong to `uplink` from now on. */
  bindUplink(section: PublishedSection, uplink: UplinkTrack): void {
    this.#uplinksByMid.set(section.mid, uplink)
    const [ssrc] = section.ssrcs
    if (section.rids.length > 0 || ssrc === undefined) return
    uplink.bind(ssrc, '')
    this.#uplinksBySsrc.set(ssrc, uplink)
  }

  unbindUplink(uplink: UplinkTrack): void {
    for (const [mid, bound] of this.#uplinksByMid) if (bound === uplink) this.#uplinksByMid.delete(mid)
    for (const [ssrc, bound] of this.#uplinksBySsrc) if (bound === uplink) this.#uplinksBySsrc.delete(ssrc)
  }

  /** Forwards `uplink` to this participant; `negotiate` makes it known. */
  subscribe(uplink: UplinkTrack, publisherSid: string): DownlinkTrack {
    const downlink = new DownlinkTrack(uplink, publisherSid, this.subscriber)
    this.#downlinksBySsrc.set(downlink.ssrc, downlink)
    this.#single?.add(downlink)
    this.#dual?.add(downlink)
    return downlink
  }

  unsubscribe(downlink: DownlinkTrack): void {
    this.#downlinksBySsrc.delete(downlink.ssrc)
    this.#single?.remove(downlink)
    this.#dual?.remove(downlink)
    downlink.close()
  }

  sendData(label: typeof RELIABLE_LABEL | typeof LOSSY_LABEL, data: Buffer): boolean {
    return this.subscriber.sendData(label, data)
  }

  /** Chooses layers anew; to be called a few times a second. */
  selectLayers(nowMs: number): void {
    for (const downlink of this.#downlinksBySsrc.values()) downlink.select(nowMs)
  }

  /** Sends the reports that are due once a second. */
  sendReports(nowMs: number): void {
    const blocks: ReportBlock[] = []
    const videoSsrcs: number[] = []
    for (const uplink of this.#uplinksByMid.values()) {
      blocks.push(...uplink.tick(nowMs))
      if (uplink.kind === 'video') for (const stream of uplink.streams) videoSsrcs.push(stream.ssrc)
    }
    if (blocks.length > 0) this.publisher.sendRtcp(serializeReceiverReport(SERVER_SSRC, blocks))
    if (videoSsrcs.length > 0) this.publisher.sendRtcp(serializeRemb(SERVER_SSRC, REMB_BPS, videoSsrcs))
    for (const downlink of this.#downlinksBySsrc.values()) downlink.sendSenderReport(nowMs)
  }

  close(): void {
    for (const downlink of this.#downlinksBySsrc.values()) downlink.close()
    this.#downlinksBySsrc.clear()
    this.publisher.close()
    this.subscriber.close()
  }

  #openTransport(isPrimary: boolean): MediaTransport {
    const { mux, certificate, counters, logger } = this.#environment
    return new MediaTransport({
      mux,
      certificate,
      counters,
      logger,
      events: {
        onConnected: () => {
          if (!isPrimary) return
          this.#refreshDownlinks()
          this.#events.onConnected()
        },
        onRtp: (packet) => this.#onRtp(packet),
        onRtcp: (compound) => this.#onRtcp(compound),
        onDataMessage: (label, data) => this.#events.onDataMessage(label, data),
        onFailed: (reason) => this.#events.onFailed(reason),
      },
    })
  }

  #localTransport(transport: MediaTransport): LocalTransport {
    return {
      iceUfrag: transport.iceUfrag,
      icePwd: transport.icePwd,
      fingerprint: transport.fingerprint,
      addresses: this.#environment.addresses,
      port: transport.mediaPort,
    }
  }

  #plan(section: RemoteSection, published: PublishedSection[]): SectionPlan {
    if (section.kind === 'application') {
      this.publisher.useDataChannels()
      return { action: 'application' }
    }
    const codec = choosePublishCodec(section, this.#events.wantedCodec(section.trackId))
    if (!codec) return { action: 'reject' }
    if (section.direction === 'recvonly') return this.#single?.plan(section) ?? { action: 'idle', codec }
    if (section.direction === 'inactive') return { action: 'idle', codec }
    this.#midExtensionId = extensionId(section, MID_URI) || this.#midExtensionId
    this.#ridExtensionId = extensionId(section, RID_URI) || this.#ridExtensionId
    published.push({
      mid: section.mid,
      trackId: section.trackId,
      kind: section.kind,
      codec: codec.name.toLowerCase(),
      clockRate: codec.clockRate,
      rids: section.sendRids,
      ssrcs: section.ssrcs,
      audioLevelId: extensionId(section, AUDIO_LEVEL_URI),
      dependencyDescriptorId: extensionId(section, DEPENDENCY_DESCRIPTOR_URI),
    })
    return { action: 'receive', codec }
  }

  #onRtp(packet: RtpPacket): void {
    let uplink = this.#uplinksBySsrc.get(packet.ssrc)
    if (!uplink) {
      // With simulcast SSRCs are not announced: the first packets carry mid and rid (RFC 8852, RFC 9143 section 9.2)
      const mid = packet.extension(this.#midExtensionId)?.toString('latin1')
      uplink = mid === undefined ? undefined : this.#uplinksByMid.get(mid)
      if (!uplink) return this.#environment.counters.add('rtp-unknown-stream')
      const rid = packet.extension(this.#ridExtensionId)?.toString('latin1') ?? ''
      if (uplink.rids.length > 0 && !uplink.rids.includes(rid))
        return this.#environment.counters.add('rtp-unknown-rid')
      uplink.bind(packet.ssrc, rid)
      for (const [ssrc, bound] of this.#uplinksBySsrc)
        if (bound === uplink && !uplink.streams.some((stream) => stream.ssrc === ssrc))
          this.#uplinksBySsrc.delete(ssrc)
      this.#uplinksBySsrc.set(packet.ssrc, uplink)
    }
    uplink.onRtp(packet, performance.now())
  }

  #onRtcp(compound: Buffer): void {
    const parts = parseRtcpCompound(compound)
    if (typeof parts === 'string') return this.#environment.counters.add(`rtcp-${parts}`)
    const nowMs = performance.now()
    for (const { type, count, packet } of parts) {
      if (type === RTCP_TYPE.senderReport) {
        const report = parseSenderReport(packet)
        if (report) this.#uplinksBySsrc.get(report.ssrc)?.onSenderReport(report, nowMs)
        this.#onReportBlocks(parseReportBlocks(packet, count, 28))
      } else if (type === RTCP_TYPE.receiverReport) this.#onReportBlocks(parseReportBlocks(packet, count, 8))
      else if (type === RTCP_TYPE.transportFeedback && count === NACK_FORMAT) {
        const nack = parseNack(packet)
        if (nack) this.#downlinksBySsrc.get(nack.mediaSsrc)?.onNack(nack.sequenceNumbers)
      } else if (type === RTCP_TYPE.payloadFeedback)
        for (const ssrc of parseKeyframeRequest(count, packet))
          this.#downlinksBySsrc.get(ssrc)?.onKeyframeRequest(nowMs)
    }
  }

  #onReportBlocks(blocks: readonly ReportBlock[]): void {
    for (const block of blocks) this.#downlinksBySsrc.get(block.ssrc)?.onReportBlock(block)
  }

  /** Subscribers that have not seen a picture yet get a key frame as soon as they can decode one. */
  #refreshDownlinks(): void {
    const nowMs = performance.now()
    for (const downlink of this.#downlinksBySsrc.values()) {
      downlink.select(nowMs)
      if (downlink.packets === 0) downlink.onKeyframeRequest(nowMs)
    }
  }
}
