import type { ReportBlock } from '../rtcp/receiver-report.ts'
import type { SenderReport } from '../rtcp/sender-report.ts'
import { isNewer16, uint16 } from '../serial-number.ts'

const SEQUENCE_RANGE = 0x1_0000
/** A larger jump is a restart of the stream, not a loss that could be repaired. */
const MAX_GAP = 200
const MAX_MISSING = 500
const MAX_NACKS_PER_PACKET = 8
const NACK_INTERVAL_MS = 40

interface MissingPacket {
  lastAskedMs: number
  asked: number
}

/** A sender report and when it arrived, on the monotonic clock. */
export interface ReceivedSenderReport extends SenderReport {
  readonly arrivedMs: number
}

/** One incoming RTP stream (one SSRC): statistics for receiver reports (RFC 3550, appendix A) and missing packets. */
export class ReceiveStream {
  readonly ssrc: number
  /** Position among the track's simulcast layers, 0 the smallest. */
  readonly layer: number
  readonly rid: string
  lastPacketMs = 0
  /** When a key frame was last asked for. */
  lastKeyframeRequestMs = Number.NEGATIVE_INFINITY
  /** A request came while one could not be sent; it is sent as soon as it can. */
  wantsKeyframe = false
  octets = 0
  senderReport: ReceivedSenderReport | undefined
  #packets = 0
  #base = -1
  #highest = -1
  #cycles = 0
  #expectedBefore = 0
  #packetsBefore = 0
  #jitter = 0
  #lastTransitTicks: number | undefined
  readonly #missing = new Map<number, MissingPacket>()

  constructor(ssrc: number, layer: number, rid: string) {
    this.ssrc = ssrc
    this.layer = layer
    this.rid = rid
  }

  get packets(): number {
    return this.#packets
  }

  /** Takes note of a packet. */
  onPacket(
    sequenceNumber: number,
    timestamp: number,
    length: number,
    clockRate: number,
    nowMs: number,
  ): void {
    this.lastPacketMs = nowMs
    this.#packets++
    this.octets += length
    this.#measureJitter(timestamp, clockRate, nowMs)
    if (this.#highest < 0) {
      this.#highest = this.#base = sequenceNumber
      return
    }
    if (!isNewer16(sequenceNumber, this.#highest)) {
      this.#missing.delete(sequenceNumber)
      return
    }
    const gap = uint16(sequenceNumber - this.#highest)
    if (gap <= MAX_GAP && this.#missing.size < MAX_MISSING)
      for (let i = 1; i < gap; i++)
        this.#missing.set(uint16(this.#highest + i), { lastAskedMs: Number.NEGATIVE_INFINITY, asked: 0 })
    if (sequenceNumber < this.#highest) this.#cycles += SEQUENCE_RANGE
    this.#highest = sequenceNumber
  }

  get hasMissing(): boolean {
    return this.#missing.size > 0
  }

  /** Sequence numbers to ask for now; each at most every 40 ms and eight times. */
  takeMissing(nowMs: number): number[] {
    const due: number[] = []
    for (const [sequenceNumber, missing] of this.#missing) {
      if (missing.asked >= MAX_NACKS_PER_PACKET) this.#missing.delete(sequenceNumber)
      else if (nowMs - missing.lastAskedMs >= NACK_INTERVAL_MS) {
        missing.lastAskedMs = nowMs
        missing.asked++
        due.push(sequenceNumber)
      }
    }
    return due
  }

  /** The block for the next receiver report; undefined before the first packet. */
  takeReportBlock(nowMs: number): ReportBlock | undefined {
    if (this.#highest < 0) return undefined
    const extendedHighest = this.#cycles + this.#highest
    const expected = extendedHighest - this.#base + 1
    const expectedInterval = expected - this.#expectedBefore
    const lostInterval = expectedInterval - (this.#packets - this.#packetsBefore)
    this.#expectedBefore = expected
    this.#packetsBefore = this.#packets
    const report = this.senderReport
    return {
      ssrc: this.ssrc,
      fractionLost:
        expectedInterval > 0 && lostInterval > 0
          ? Math.min(255, Math.floor((256 * lostInterval) / expectedInterval))
          : 0,
      cumulativeLost: Math.max(0, expected - this.#packets),
      extendedHighest,
      jitter: Math.floor(this.#jitter),
      lastSenderReport: report?.ntpMiddle ?? 0,
      delaySinceLastSenderReport: report ? Math.round(((nowMs - report.arrivedMs) / 1000) * 65_536) : 0,
    }
  }

  /** RFC 3550 appendix A.8. */
  #measureJitter(timestamp: number, clockRate: number, nowMs: number): void {
    const transit = (nowMs * clockRate) / 1000 - timestamp
    if (this.#lastTransitTicks !== undefined) {
      const change = Math.abs(transit - this.#lastTransitTicks)
      // A timestamp that wrapped or jumped says nothing of the network
      if (change < clockRate) this.#jitter += (change - this.#jitter) / 16
    }
    this.#lastTransitTicks = transit
  }
}
