import { serializePli } from '../rtcp/keyframe-request.ts'
import { serializeNack } from '../rtcp/nack.ts'
import type { ReportBlock } from '../rtcp/receiver-report.ts'
import type { SenderReport } from '../rtcp/sender-report.ts'
import { parseAudioLevel } from '../rtp/audio-level.ts'
import { startsKeyframe } from '../rtp/keyframe-start.ts'
import type { RtpPacket } from '../rtp/rtp-packet.ts'
import { Vp8Descriptor } from '../rtp/vp8-descriptor.ts'
import type { DownlinkTrack } from './downlink-track.ts'
import { ReceiveStream } from './receive-stream.ts'

/** SSRC under which this server sends feedback. */
export const SERVER_SSRC = 1
const KEYFRAME_REQUEST_INTERVAL_MS = 400

export interface UplinkTrackOptions {
  trackSid: string
  kind: 'audio' | 'video'
  /** Lower-case encoding name of the SDP: `opus`, `vp8`, … */
  codec: string
  clockRate: number
  /** Simulcast rids from the smallest layer to the largest; empty without simulcast. */
  rids: readonly string[]
  /** Tracks of the publisher in the same group are played in step. */
  syncGroup: string
  /** Header extension id of the audio level, 0 when not negotiated. */
  audioLevelId: number
  /** Header extension id of AV1's dependency descriptor, 0 when not negotiated. */
  dependencyDescriptorId: number
  muted: boolean
  sendRtcp: (packet: Buffer) => void
  /** The level below full scale in dB of each audio packet that tells it, unless the track is muted. */
  onAudioLevel: (levelDbov: number) => void
}

/** What a forwarded packet's codec says, worked out once for all subscribers. */
export interface PacketInfo {
  readonly vp8: Vp8Descriptor | undefined
  readonly isKeyframeStart: boolean
  /** AV1's dependency descriptor, which is forwarded as it is. */
  readonly dependencyDescriptor: Buffer | undefined
}

/** A published track as it arrives: one stream, or one for each simulcast layer, and who it is forwarded to. */
export class UplinkTrack {
  readonly trackSid: string
  readonly kind: 'audio' | 'video'
  readonly codec: string
  readonly clockRate: number
  readonly rids: readonly string[]
  readonly syncGroup: string
  readonly downlinks = new Set<DownlinkTrack>()
  #muted: boolean
  readonly #options: UplinkTrackOptions
  readonly #streams: ReceiveStream[] = []
  readonly #bySsrc = new Map<number, ReceiveStream>()
  readonly #vp8 = new Vp8Descriptor()
  readonly #info: {
    vp8: Vp8Descriptor | undefined
    isKeyframeStart: boolean
    dependencyDescriptor: Buffer | undefined
  } = {
    vp8: undefined,
    isKeyframeStart: true,
    dependencyDescriptor: undefined,
  }

  constructor(options: UplinkTrackOptions) {
    this.#options = options
    this.trackSid = options.trackSid
    this.kind = options.kind
    this.codec = options.codec
    this.clockRate = options.clockRate
    this.rids = options.rids
    this.syncGroup = options.syncGroup
    this.#muted = options.muted
  }

  /** Nothing of a muted track is sent on, also when its publisher does not stop. */
  get muted(): boolean {
    return this.#muted
  }

  setMuted(muted: boolean, nowMs: number): void {
    this.#muted = muted
    if (!muted) for (const downlink of this.downlinks) downlink.onKeyframeRequest(nowMs)
  }

  /** The streams seen so far, smallest layer first. */
  get streams(): readonly ReceiveStream[] {
    return this.#streams
  }

  /** Number of layers announced. */
  get layerCount(): number {
    return Math.max(1, this.rids.length)
  }

  /** Makes `ssrc` the stream of the layer `rid`; a layer that restarts under another SSRC replaces the former one. */
  bind(ssrc: number, rid: string): void {
    const layer = Math.max(0, this.rids.indexOf(rid))
    const former = this.#streams.findIndex((stream) => stream.layer === layer)
    if (former >= 0) {
      const [old] = this.#streams.splice(former, 1)
      if (old) this.#bySsrc.delete(old.ssrc)
    }
    const stream = new ReceiveStream(ssrc, layer, rid)
    this.#bySsrc.set(ssrc, stream)
    this.#streams.push(stream)
    this.#streams.sort((a, b) => a.layer - b.layer)
  }

  onRtp(packet: RtpPacket, nowMs: number): void {
    const stream = this.#bySsrc.get(packet.ssrc)
    if (!stream) return
    stream.onPacket(packet.sequenceNumber, packet.timestamp, packet.payloadLength, this.clockRate, nowMs)
    if (stream.hasMissing && this.kind === 'video') this.#requestMissing(stream, nowMs)
    if (packet.payloadLength <= 0) {
      for (const downlink of this.downlinks) downlink.skip(stream, packet.sequenceNumber)
      return
    }
    if (this.kind === 'audio' && !this.#muted) this.#readAudioLevel(packet)
    const info = this.#describe(packet)
    if (stream.wantsKeyframe && !info.isKeyframeStart) this.requestKeyframe(stream, nowMs)
    for (const downlink of this.downlinks) downlink.forward(stream, packet, info, nowMs)
  }

  onSenderReport(report: SenderReport, nowMs: number): void {
    const stream = this.#bySsrc.get(report.ssrc)
    if (!stream) return
    const isFirst = stream.senderReport === undefined
    stream.senderReport = { ...report, arrivedMs: nowMs }
    if (isFirst) for (const downlink of this.downlinks) downlink.sendSenderReport(nowMs)
  }

  /** Asks for a key frame of one layer; when asked too often, the request is kept for later. */
  requestKeyframe(stream: ReceiveStream, nowMs: number): void {
    if (this.kind !== 'video') return
    if (nowMs - stream.lastKeyframeRequestMs < KEYFRAME_REQUEST_INTERVAL_MS) {
      stream.wantsKeyframe = true
      return
    }
    stream.lastKeyframeRequestMs = nowMs
    stream.wantsKeyframe = false
    this.#options.sendRtcp(serializePli(SERVER_SSRC, stream.ssrc))
  }

  /** Repeats requests that are due; returns the report blocks for the next receiver report. */
  tick(nowMs: number): ReportBlock[] {
    const blocks: ReportBlock[] = []
    for (const stream of this.#streams) {
      if (stream.hasMissing && this.kind === 'video') this.#requestMissing(stream, nowMs)
      const block = stream.takeReportBlock(nowMs)
      if (block) blocks.push(block)
    }
    return blocks
  }

  #requestMissing(stream: ReceiveStream, nowMs: number): void {
    const missing = stream.takeMissing(nowMs)
    if (missing.length > 0) this.#options.sendRtcp(serializeNack(SERVER_SSRC, stream.ssrc, missing))
  }

  #readAudioLevel(packet: RtpPacket): void {
    const extension = packet.extension(this.#options.audioLevelId)
    const level = extension && parseAudioLevel(extension)
    if (level !== undefined) this.#options.onAudioLevel(level)
  }

  #describe(packet: RtpPacket): PacketInfo {
    const info = this.#info
    if (this.kind === 'audio') return info
    const { buffer, headerLength, payloadEnd } = packet
    if (this.codec === 'vp8') {
      const isWhole = this.#vp8.parse(buffer, headerLength, payloadEnd)
      info.vp8 = isWhole ? this.#vp8 : undefined
      info.isKeyframeStart = isWhole && this.#vp8.isKeyframe
    } else {
      info.isKeyframeStart = startsKeyframe(this.codec, buffer, headerLength, payloadEnd)
      info.dependencyDescriptor = packet.extension(this.#options.dependencyDescriptorId)
    }
    return info
  }
}
