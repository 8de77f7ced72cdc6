import { randomInt } from 'node:crypto'
import type { ReportBlock } from '../rtcp/receiver-report.ts'
import { serializeSenderReport } from '../rtcp/sender-report.ts'
import { RTP_HEADER_LENGTH, type RtpPacket } from '../rtp/rtp-packet.ts'
import { extensionBlockLength, writeExtensionBlock } from '../rtp/write-extension.ts'
import type { Vp8Descriptor } from '../rtp/vp8-descriptor.ts'
import { isNewer16, isNewer32, uint16, uint32 } from '../serial-number.ts'
import type { OutgoingStream } from '../sdp/outgoing-stream.ts'
import type { MediaTransport } from '../transport/media-transport.ts'
import { selectLayer } from './layer-selection.ts'
import type { ReceiveStream } from './receive-stream.ts'
import { RetransmissionCache } from './retransmission-cache.ts'
import { SequenceMapper } from './sequence-mapper.ts'
import type { PacketInfo, UplinkTrack } from './uplink-track.ts'

/** V=2 (RFC 3550, section 5.1), without and with the X bit. */
const VERSION_BITS = 0x80
const VERSION_AND_EXTENSION = 0x90
const MAX_SSRC = 0xffff_ffff
const MAX_FIRST_SEQUENCE = 0x7fff
/** The highest layer there can be, for a subscriber that has set no limit. */
const UNLIMITED_LAYER = 2

/**
 * A published track on its way to one subscriber. It chooses the simulcast layer and rewrites SSRC, payload type,
 * sequence number, timestamp and VP8 picture ids so that the subscriber sees one continuous stream.
 */
export class DownlinkTrack {
  readonly uplink: UplinkTrack
  readonly ssrc = randomInt(1, MAX_SSRC)
  /** How descriptions name this stream. */
  outgoingStream: OutgoingStream
  /** Payload type that was negotiated with the subscriber. */
  payloadType = 0
  /** Id of AV1's dependency descriptor in the subscriber's description, 0 when it has none. */
  dependencyDescriptorId = 0
  /** The subscriber does not want packets now (hidden element, muted by itself). */
  paused = false
  /** Latest loss the subscriber reported, in 1/256. */
  fractionLost = 0
  readonly #transport: MediaTransport
  readonly #cache: RetransmissionCache | undefined
  readonly #sequence = new SequenceMapper()
  #maxLayer = UNLIMITED_LAYER
  #current: ReceiveStream | undefined
  /** Packets were held back; what comes next has to be decodable without them, and to look as if they never were. */
  #isInterrupted = false
  #wantedLayer: number | undefined
  #lastSequence = randomInt(0, MAX_FIRST_SEQUENCE)
  #lastTimestamp = randomInt(0, MAX_SSRC)
  #lastSentMs = 0
  #timestampOffset = 0
  #pictureIdOffset = 0
  #tl0Offset = 0
  #lastPictureId = 0
  #lastTl0 = 0
  #packets = 0
  #octets = 0

  constructor(uplink: UplinkTrack, publisherSid: string, transport: MediaTransport) {
    this.uplink = uplink
    this.outgoingStream = {
      ssrc: this.ssrc,
      publisherSid,
      trackSid: uplink.trackSid,
      syncGroup: uplink.syncGroup,
    }
    this.#transport = transport
    this.#cache = uplink.kind === 'video' ? new RetransmissionCache() : undefined
    uplink.downlinks.add(this)
  }

  /**
   * Gives this track a stream of its own. Needed where a section had another track before: a browser keeps the track
   * id of the first one, so that clients can only learn the new one from the stream id.
   */
  leaveSyncGroup(): void {
    this.outgoingStream = { ...this.outgoingStream, syncGroup: this.uplink.trackSid }
  }

  get packets(): number {
    return this.#packets
  }

  /** The layer being forwarded, undefined before the first packet. */
  get currentLayer(): number | undefined {
    return this.#current?.layer
  }

  get maxLayer(): number {
    return this.#maxLayer
  }

  /** Sets the highest layer the subscriber wants; the switch happens at that layer's next key frame. */
  setMaxLayer(layer: number, nowMs: number): void {
    this.#maxLayer = layer
    this.select(nowMs)
  }

  /** Chooses the layer anew and asks for its key frame where the choice differs from what is sent. */
  select(nowMs: number): void {
    if (this.uplink.kind === 'audio' || !this.#canForward) return
    const wanted = selectLayer(this.uplink.streams, this.#maxLayer, this.#current?.layer, nowMs)
    this.#wantedLayer = wanted
    if (wanted === undefined || wanted === this.#current?.layer) return
    const stream = this.uplink.streams.find((candidate) => candidate.layer === wanted)
    if (stream) this.uplink.requestKeyframe(stream, nowMs)
  }

  /** Sends `packet` on, when it belongs to the layer that is, or from here on will be, forwarded. */
  forward(stream: ReceiveStream, packet: RtpPacket, info: PacketInfo, nowMs: number): void {
    if (!this.#canForward) {
      this.#isInterrupted = true
      return
    }
    if (stream !== this.#current || this.#isInterrupted) {
      if (stream !== this.#current && !this.#mayStart(stream)) return
      if (!info.isKeyframeStart) {
        if (!this.#current || this.#isInterrupted) this.uplink.requestKeyframe(stream, nowMs)
        return
      }
      this.#switchTo(stream, packet, info, nowMs)
    }
    const sequenceNumber = this.#sequence.map(packet.sequenceNumber)
    if (sequenceNumber < 0) return
    const timestamp = uint32(packet.timestamp + this.#timestampOffset)
    const isNewest = this.#packets === 0 || isNewer16(sequenceNumber, this.#lastSequence)
    if (isNewest) {
      this.#lastSequence = sequenceNumber
      this.#lastTimestamp = timestamp
      this.#lastSentMs = nowMs
    }
    const extension = this.dependencyDescriptorId > 0 ? info.dependencyDescriptor : undefined
    const headerLength = RTP_HEADER_LENGTH + (extension ? extensionBlockLength(extension) : 0)
    const out = Buffer.allocUnsafe(headerLength + packet.payloadLength + this.#transport.rtpOverhead)
    out[0] = extension ? VERSION_AND_EXTENSION : VERSION_BITS
    out[1] = (packet.marker ? 0x80 : 0) | this.payloadType
    out.writeUInt16BE(sequenceNumber, 2)
    out.writeUInt32BE(timestamp, 4)
    out.writeUInt32BE(this.ssrc, 8)
    if (extension) writeExtensionBlock(out, RTP_HEADER_LENGTH, this.dependencyDescriptorId, extension)
    packet.buffer.copy(out, headerLength, packet.headerLength, packet.payloadEnd)
    if (info.vp8) this.#rewriteVp8(out, packet.headerLength - headerLength, info.vp8, isNewest)
    this.#packets++
    this.#octets += packet.payloadLength
    this.#transport.sendRtp(out, headerLength, this.ssrc, sequenceNumber)
    this.#cache?.put(sequenceNumber, out)
  }

  /** A padding-only packet is not forwarded, and must not leave a gap that the subscriber would count as loss. */
  skip(stream: ReceiveStream, sequenceNumber: number): void {
    if (stream !== this.#current || this.#isInterrupted) return
    const mapped = this.#sequence.map(sequenceNumber)
    if (mapped >= 0 && isNewer16(mapped, this.#lastSequence)) this.#sequence.skip(sequenceNumber)
  }

  /** Sends again what the subscriber misses and what is still kept. */
  onNack(sequenceNumbers: readonly number[]): void {
    for (const sequenceNumber of sequenceNumbers) {
      const packet = this.#cache?.get(sequenceNumber)
      if (packet) this.#transport.resendRtp(packet)
    }
  }

  /** Passes a wish for a key frame on, if one could be forwarded: the next wish may have to wait for its turn. */
  onKeyframeRequest(nowMs: number): void {
    if (!this.#canForward) return
    const stream = this.#current ?? this.uplink.streams[0]
    if (stream) this.uplink.requestKeyframe(stream, nowMs)
  }

  onReportBlock(block: ReportBlock): void {
    this.fractionLost = block.fractionLost
  }

  /**
   * Tells the subscriber how this stream's timestamps map to the publisher's clock (RFC 3550, section 6.4.1), as of
   * now: with audio and video of one publisher mapped to one clock they are played in step.
   */
  sendSenderReport(nowMs: number): void {
    const report = this.#current?.senderReport
    if (!report || this.#packets === 0) return
    const sinceMs = nowMs - report.arrivedMs
    const timestamp = uint32(
      report.rtpTimestamp + Math.round((sinceMs * this.uplink.clockRate) / 1000) + this.#timestampOffset,
    )
    this.#transport.sendRtcp(
      serializeSenderReport(this.ssrc, report.ntpMs + sinceMs, timestamp, this.#packets, this.#octets),
    )
  }

  close(): void {
    this.uplink.downlinks.delete(this)
    this.#transport.forgetOutbound(this.ssrc)
  }

  get #canForward(): boolean {
    return !this.paused && !this.uplink.muted && this.payloadType !== 0 && this.#transport.connected
  }

  #mayStart(stream: ReceiveStream): boolean {
    if (!this.#current || !this.uplink.streams.includes(this.#current))
      return stream.layer <= this.#maxLayer || this.uplink.kind === 'audio'
    return stream.layer === this.#wantedLayer
  }

  #switchTo(stream: ReceiveStream, packet: RtpPacket, info: PacketInfo, nowMs: number): void {
    const former = this.#current
    this.#sequence.restart(packet.sequenceNumber, uint16(this.#lastSequence + 1))
    if (former) {
      const next = this.#continuedTimestamp(former, stream, packet, nowMs)
      this.#timestampOffset = uint32(next - packet.timestamp)
      if (info.vp8 && info.vp8.pictureId >= 0)
        this.#pictureIdOffset = this.#lastPictureId + 1 - info.vp8.pictureId
      if (info.vp8 && info.vp8.tl0PicIdx >= 0) this.#tl0Offset = this.#lastTl0 + 1 - info.vp8.tl0PicIdx
    } else this.#timestampOffset = uint32(this.#lastTimestamp - packet.timestamp)
    this.#current = stream
    this.#isInterrupted = false
    this.sendSenderReport(nowMs)
  }

  /** The outgoing timestamp of the first packet of a new layer: exact where both layers have sender reports. */
  #continuedTimestamp(
    former: ReceiveStream,
    stream: ReceiveStream,
    packet: RtpPacket,
    nowMs: number,
  ): number {
    const { clockRate } = this.uplink
    const least = uint32(this.#lastTimestamp + 1)
    const a = former.senderReport
    const b = stream.senderReport
    if (a && b) {
      const offset =
        this.#timestampOffset +
        a.rtpTimestamp -
        b.rtpTimestamp +
        Math.round(((b.ntpMs - a.ntpMs) * clockRate) / 1000)
      const exact = uint32(packet.timestamp + offset)
      return isNewer32(exact, this.#lastTimestamp) ? exact : least
    }
    return uint32(
      this.#lastTimestamp + Math.max(1, Math.round(((nowMs - this.#lastSentMs) * clockRate) / 1000)),
    )
  }

  /** @param shift how much nearer to the start the payload is in `out` than in the incoming packet */
  #rewriteVp8(out: Buffer, shift: number, vp8: Vp8Descriptor, isNewest: boolean): void {
    if (vp8.pictureId >= 0) {
      const offset = vp8.pictureIdOffset - shift
      const pictureId = (vp8.pictureId + this.#pictureIdOffset) & (vp8.hasLongPictureId ? 0x7fff : 0x7f)
      if (vp8.hasLongPictureId) out.writeUInt16BE(0x8000 | pictureId, offset)
      else out[offset] = pictureId
      if (isNewest) this.#lastPictureId = pictureId
    }
    if (vp8.tl0PicIdx >= 0) {
      const tl0 = (vp8.tl0PicIdx + this.#tl0Offset) & 0xff
      out[vp8.tl0PicIdxOffset - shift] = tl0
      if (isNewest) this.#lastTl0 = tl0
    }
  }
}
