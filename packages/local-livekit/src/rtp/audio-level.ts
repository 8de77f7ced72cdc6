/**
 * Client-to-mixer audio level (RFC 6464, section 3).
 *
 * ```
 *  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+
 * |V| level       |   level: -dBov, 0 (loudest) … 127 (silence)
 * +-+-+-+-+-+-+-+-+
 * ```
 */
export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level'
export const SILENCE_DBOV = 127

/** The level below full scale in dB, or undefined when the extension is empty. */
export function parseAudioLevel(extension: Buffer): number | undefined {
  const byte = extension[0]
  return byte === undefined ? undefined : byte & 0x7f
}
