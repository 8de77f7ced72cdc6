import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RTP_HEADER_LENGTH } from '../rtp/rtp-packet.ts'
import { deriveKey, SRTP_LABELS } from './key-derivation.ts'
import { ReplayWindow } from './replay-window.ts'
import {
  estimateIndex,
  SRTP_KEY_LENGTHS,
  SRTP_PROFILES,
  SrtpSession,
  type SrtpProfile,
} from './srtp-session.ts'

const SSRC = 0xcafebabe

function pair(profile: SrtpProfile): { sender: SrtpSession; receiver: SrtpSession } {
  const lengths = SRTP_KEY_LENGTHS[profile]
  const master = (): { key: Buffer; salt: Buffer } => ({
    key: randomBytes(lengths.key),
    salt: randomBytes(lengths.salt),
  })
  const [a, b] = [master(), master()]
  return { sender: new SrtpSession(profile, a, b), receiver: new SrtpSession(profile, b, a) }
}

function packet(sequenceNumber: number, payload: Uint8Array, overhead: number): Buffer {
  const bytes = Buffer.alloc(RTP_HEADER_LENGTH + payload.length + overhead)
  bytes[0] = 0x80
  bytes[1] = 96
  bytes.writeUInt16BE(sequenceNumber, 2)
  bytes.writeUInt32BE(SSRC, 8)
  bytes.set(payload, RTP_HEADER_LENGTH)
  return bytes
}

describe('key derivation', () => {
  // RFC 3711, appendix B.3
  const key = Buffer.from('E1F97A0D3E018BE0D64FA32C06DE4139', 'hex')
  const salt = Buffer.from('0EC675AD498AFEEBB6960B3AABE6', 'hex')
  it.each([
    { what: 'cipher key', label: SRTP_LABELS.key, length: 16, expected: 'C61E7A93744F39EE10734AFE3FF7A087' },
    { what: 'cipher salt', label: SRTP_LABELS.salt, length: 14, expected: '30CBBC08863D8C85D49DB34A9AE1' },
    {
      what: 'authentication key',
      label: SRTP_LABELS.authentication,
      length: 20,
      expected: 'CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4',
    },
  ])('gives the $what of the RFC', ({ label, length, expected }) => {
    expect(deriveKey(key, salt, label, length).toString('hex').toUpperCase()).toBe(expected)
  })
})

describe.each([
  { name: 'AES_CM_128_HMAC_SHA1_80', profile: SRTP_PROFILES.aesCm128HmacSha1_80 },
  { name: 'AEAD_AES_128_GCM', profile: SRTP_PROFILES.aeadAes128Gcm },
])('$name', ({ profile }) => {
  it('opens what the other side sealed, and nothing that was changed', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1_200 }),
        fc.nat(0xffff),
        fc.nat(),
        (payload, sequenceNumber, position) => {
          const { sender, receiver } = pair(profile)
          const sealed = packet(sequenceNumber, payload, sender.rtpOverhead)
          sender.protectRtp(sealed, RTP_HEADER_LENGTH, SSRC, sequenceNumber)
          const forged = Buffer.from(sealed)
          const at = position % forged.length
          forged[at] = (forged[at] ?? 0) ^ 1
          expect(receiver.unprotectRtp(forged, RTP_HEADER_LENGTH, SSRC, sequenceNumber)).toBe('not-authentic')
          const length = receiver.unprotectRtp(sealed, RTP_HEADER_LENGTH, SSRC, sequenceNumber)
          expect(length).toBe(RTP_HEADER_LENGTH + payload.length)
          expect(Buffer.from(payload).equals(sealed.subarray(RTP_HEADER_LENGTH, Number(length)))).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('refuses every prefix of a packet', () => {
    const { sender, receiver } = pair(profile)
    const sealed = packet(1, randomBytes(50), sender.rtpOverhead)
    sender.protectRtp(sealed, RTP_HEADER_LENGTH, SSRC, 1)
    for (let length = 0; length < sealed.length; length++)
      expect(receiver.unprotectRtp(Buffer.from(sealed.subarray(0, length)), RTP_HEADER_LENGTH, SSRC, 1)).toBe(
        'not-authentic',
      )
  })

  it('follows the sequence number around, and refuses what it has seen', () => {
    const { sender, receiver } = pair(profile)
    for (let i = 0; i < 200; i++) {
      const sequenceNumber = (65_450 + i) & 0xffff
      const sealed = packet(sequenceNumber, randomBytes(20), sender.rtpOverhead)
      sender.protectRtp(sealed, RTP_HEADER_LENGTH, SSRC, sequenceNumber)
      const copy = Buffer.from(sealed)
      expect(receiver.unprotectRtp(sealed, RTP_HEADER_LENGTH, SSRC, sequenceNumber)).toBe(
        RTP_HEADER_LENGTH + 20,
      )
      expect(receiver.unprotectRtp(copy, RTP_HEADER_LENGTH, SSRC, sequenceNumber)).toBe('replayed')
    }
  })

  it('opens RTCP of the other side, once and unchanged', () => {
    const { sender, receiver } = pair(profile)
    const plain = Buffer.concat([Buffer.from('80c90001cafebabe', 'hex'), randomBytes(24)])
    const sealed = sender.protectRtcp(plain)
    for (let length = 0; length < sealed.length; length++)
      expect(typeof receiver.unprotectRtcp(Buffer.from(sealed.subarray(0, length)))).toBe('string')
    expect(receiver.unprotectRtcp(Buffer.from(sealed))).toEqual(plain)
    expect(receiver.unprotectRtcp(Buffer.from(sealed))).toBe('replayed')
  })
})

describe('packet index', () => {
  it.each([
    { highest: -1, sequence: 5, expected: 5 },
    { highest: 65_535, sequence: 0, expected: 65_536 },
    { highest: 65_536, sequence: 65_535, expected: 65_535 },
    { highest: 131_070, sequence: 2, expected: 131_074 },
    { highest: 3, sequence: 65_530, expected: 65_530 },
  ])('after $highest, $sequence means $expected', ({ highest, sequence, expected }) => {
    expect(estimateIndex(highest, sequence)).toBe(expected)
  })
})

describe('replay window', () => {
  it('takes late packets once, and none that are too late', () => {
    const window = new ReplayWindow()
    window.accept(1_000)
    expect(window.isFresh(990)).toBe(true)
    window.accept(990)
    expect(window.isFresh(990)).toBe(false)
    expect(window.isFresh(1_000 - 128)).toBe(false)
    window.accept(5_000)
    expect(window.isFresh(4_990)).toBe(true)
  })
})
