/**
 * Encrypts and authenticates single packets in one direction; knows nothing of sequence numbers over time.
 * `index` is the packet index: for SRTP 48 bits (ROC * 65536 + SEQ), for SRTCP 31 bits.
 */
export interface PacketCipher {
  /** Bytes that SRTP protection adds. */
  readonly rtpOverhead: number
  /** Bytes that SRTCP protection adds. */
  readonly rtcpOverhead: number
  /**
   * Protects in place: `packet` holds header and payload and, after them, `rtpOverhead` free bytes.
   * @param headerLength bytes that are authenticated and not encrypted
   */
  protectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): void
  /** Decrypts in place and returns the plain length, or -1 when the packet is not authentic. */
  unprotectRtp(packet: Buffer, headerLength: number, ssrc: number, index: number): number
  /** Returns the protected copy of a compound RTCP packet. */
  protectRtcp(packet: Buffer, ssrc: number, index: number): Buffer
  /** Returns the plain packet, or undefined when it is not authentic. */
  unprotectRtcp(packet: Buffer): { plain: Buffer; index: number } | undefined
}

/** Keying material of one direction from DTLS-SRTP (RFC 5764, section 4.2). */
export interface MasterKey {
  readonly key: Buffer
  readonly salt: Buffer
}

/** Header and sender SSRC of RTCP are never encrypted (RFC 3711, section 3.4). */
export const RTCP_CLEAR_LENGTH = 8
/** The E flag says that the rest is encrypted. */
export const SRTCP_E_FLAG = 0x8000_0000
export const SRTCP_INDEX_LENGTH = 4
