/**
 * SRTP for both directions of one transport: estimates packet indexes (RFC 3711, section 3.3.1),
 * refuses replays and counts what it drops.
 */
import { uint16 } from '../serial-number.ts'
import { AesCmSha1Cipher } from './aes-cm-sha1-cipher.ts'
import { AesGcmCipher } from './aes-gcm-cipher.ts'
import { ReplayWindow } from './replay-window.ts'
import type { MasterKey, PacketCipher } from './packet-cipher.ts'

/** Protection profiles of the DTLS use_srtp extension (RFC 5764 section 4.1.2, RFC 7714 section 14.2). */
export const SRTP_PROFILES = { aesCm128HmacSha1_80: 0x0001, aeadAes128Gcm: 0x0007 } as const
export type SrtpProfile = (typeof SRTP_PROFILES)[keyof typeof SRTP_PROFILES]

/** Key and salt lengths in bytes that each profile takes from the DTLS exporter. */
export const SRTP_KEY_LENGTHS: Record<SrtpProfile, { key: number; salt: number }> = {
  [SRTP_PROFILES.aesCm128HmacSha1_80]: { key: 16, salt: 14 },
  [SRTP_PROFILES.aeadAes128Gcm]: { key: 16, salt: 12 },
}

/** One publisher sends a handful of streams; more than this is no WebRTC client. */
const MAX_STREAMS = 256
const SEQUENCE_RANGE = 0x1_0000
const MAX_RTCP_INDEX = 0x7fff_ffff

export type SrtpReject = 'not-authentic' | 'replayed' | 'too-many-streams'

export class SrtpSession {
  readonly #inbound: PacketCipher
  readonly #outbound: PacketCipher
  readonly #windows = new Map<number, ReplayWindow>()
  readonly #rtcpWindows = new Map<number, ReplayWindow>()
  readonly #outboundHighest = new Map<number, number>()
  #rtcpIndex = 0

  constructor(profile: SrtpProfile, local: MasterKey, remote: MasterKey) {
    const cipher = profile === SRTP_PROFILES.aeadAes128Gcm ? AesGcmCipher : AesCmSha1Cipher
    this.#inbound = new cipher(remote)
    this.#outbound = new cipher(local)
  }

  /** Bytes to leave free after a packet that is handed to `protectRtp`. */
  get rtpOverhead(): number {
    return this.#outbound.rtpOverhead
  }

  /**
   * Decrypts in place.
   * @returns the plain length, or why the packet was refused
   */
  unprotectRtp(
    packet: Buffer,
    headerLength: number,
    ssrc: number,
    sequenceNumber: number,
  ): number | SrtpReject {
    const known = this.#windows.get(ssrc)
    if (!known && this.#windows.size >= MAX_STREAMS) return 'too-many-streams'
    const index = estimateIndex(known?.highest ?? -1, sequenceNumber)
    if (known && !known.isFresh(index)) return 'replayed'
    const length = this.#inbound.unprotectRtp(packet, headerLength, ssrc, index)
    if (length < 0) return 'not-authentic'
    const window = known ?? new ReplayWindow()
    // State is made only for authentic packets, so a stranger can't fill the table
    if (!known) this.#windows.set(ssrc, window)
    window.accept(index)
    return length
  }

  /** Decrypts a compound RTCP packet. */
  unprotectRtcp(packet: Buffer): Buffer | SrtpReject {
    const opened = this.#inbound.unprotectRtcp(packet)
    if (!opened) return 'not-authentic'
    const ssrc = packet.readUInt32BE(4)
    let window = this.#rtcpWindows.get(ssrc)
    if (!window) {
      if (this.#rtcpWindows.size >= MAX_STREAMS) return 'too-many-streams'
      this.#rtcpWindows.set(ssrc, (window = new ReplayWindow()))
    }
    if (!window.isFresh(opened.index)) return 'replayed'
    window.accept(opened.index)
    return opened.plain
  }

  /** Encrypts in place; `packet` ends with `rtpOverhead` free bytes. */
  protectRtp(packet: Buffer, headerLength: number, ssrc: number, sequenceNumber: number): void {
    const highest = this.#outboundHighest.get(ssrc) ?? -1
    const index = estimateIndex(highest, sequenceNumber)
    if (index > highest) this.#outboundHighest.set(ssrc, index)
    this.#outbound.protectRtp(packet, headerLength, ssrc, index)
  }

  /** Returns the protected copy of a compound RTCP packet. */
  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex = (this.#rtcpIndex + 1) & MAX_RTCP_INDEX
    return this.#outbound.protectRtcp(packet, packet.readUInt32BE(4), this.#rtcpIndex)
  }

  /** Forgets an outgoing stream that ended. */
  forgetOutbound(ssrc: number): void {
    this.#outboundHighest.delete(ssrc)
  }
}

/** Section 3.3.1: the index with this sequence number that lies nearest to the highest one known. */
export function estimateIndex(highest: number, sequenceNumber: number): number {
  if (highest < 0) return sequenceNumber
  const highestSequence = highest % SEQUENCE_RANGE
  const base = highest - highestSequence
  const distance = uint16(sequenceNumber - highestSequence)
  if (distance < SEQUENCE_RANGE / 2) return base + highestSequence + distance
  const behind = highest - (SEQUENCE_RANGE - distance)
  return behind < 0 ? sequenceNumber : behind
}
