import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAudioLevel } from './audio-level.ts'
import { startsKeyframe } from './keyframe-start.ts'
import { RtpPacket } from './rtp-packet.ts'
import { Vp8Descriptor } from './vp8-descriptor.ts'
import { extensionBlockLength, writeExtensionBlock } from './write-extension.ts'

/** Chrome's first packet of a VP8 key frame: mid and rid in one-byte extensions, then descriptor and payload header. */
const CAPTURED = Buffer.from('90e0a1b2c3d4e5f601020304bede0002413233108071000090e0812a102010009d012a', 'hex')

function parse(bytes: Buffer): RtpPacket | string {
  const packet = new RtpPacket()
  const reject = packet.parseHeader(bytes, bytes.length) ?? packet.parsePayload(bytes.length)
  return reject ?? packet
}

describe('RTP packets', () => {
  it('are read field by field', () => {
    const packet = parse(CAPTURED)
    if (typeof packet === 'string') throw new Error(packet)
    expect(packet).toMatchObject({
      marker: true,
      payloadType: 0x60,
      sequenceNumber: 0xa1b2,
      timestamp: 0xc3d4e5f6,
      ssrc: 0x01020304,
    })
    expect(packet.extension(4)?.toString('latin1')).toBe('23')
    expect(packet.extension(1)).toEqual(Buffer.from('80', 'hex'))
    expect(packet.extension(9)).toBeUndefined()
    expect(packet.headerLength).toBe(24)
  })

  it('give a packet or a reason for every prefix', () => {
    for (let length = 0; length <= CAPTURED.length; length++) {
      const packet = parse(Buffer.from(CAPTURED.subarray(0, length)))
      const outcome = typeof packet === 'string' ? packet : packet.payloadEnd
      expect(['too-short', 'extension-overrun', length]).toContain(outcome)
    }
  })

  it('give a packet or a reason for any bytes, and extensions stay inside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(255), (bytes, id) => {
        const packet = parse(Buffer.from(bytes))
        if (typeof packet === 'string') return
        expect(packet.headerLength).toBeLessThanOrEqual(packet.payloadEnd)
        expect(packet.payloadEnd).toBeLessThanOrEqual(bytes.length)
        packet.extension(id)
      }),
    )
  })

  it('know padding', () => {
    const padded = Buffer.concat([Buffer.from('a060000100000001000000010102', 'hex'), Buffer.from([0, 0, 3])])
    expect(parse(padded)).toMatchObject({ payloadLength: 2 })
    expect(parse(Buffer.from('a0600001000000010000000100', 'hex'))).toBe('padding-overrun')
  })

  it('carry an extension that was written', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 255 }),
        fc.integer({ min: 1, max: 14 }),
        (data, id) => {
          const block = extensionBlockLength(Buffer.from(data))
          const bytes = Buffer.alloc(12 + block)
          bytes[0] = 0x90
          writeExtensionBlock(bytes, 12, id, Buffer.from(data))
          const packet = parse(bytes)
          if (typeof packet === 'string') throw new Error(packet)
          expect(packet.extension(id)).toEqual(Buffer.from(data))
          expect(packet.payloadLength).toBe(0)
        },
      ),
    )
  })
})

describe('VP8 descriptors', () => {
  it.each([
    { hex: '1000', expected: { pictureId: -1, tl0PicIdx: -1, isKeyframe: true } },
    { hex: '1001', expected: { pictureId: -1, tl0PicIdx: -1, isKeyframe: false } },
    { hex: '0000', expected: { isKeyframe: false } },
    { hex: '90807f00', expected: { pictureId: 0x7f, hasLongPictureId: false, isKeyframe: true } },
    {
      hex: '90c0812a1000',
      expected: { pictureId: 0x012a, hasLongPictureId: true, tl0PicIdx: 0x10, isKeyframe: true },
    },
    { hex: '90f0ffff05a000', expected: { pictureId: 0x7fff, tl0PicIdx: 5, isKeyframe: true } },
  ])('$hex', ({ hex, expected }) => {
    const bytes = Buffer.from(hex, 'hex')
    const descriptor = new Vp8Descriptor()
    expect(descriptor.parse(bytes, 0, bytes.length)).toBe(true)
    expect(descriptor).toMatchObject(expected)
    for (let end = 0; end < bytes.length; end++) expect(descriptor.parse(bytes, 0, end)).toBe(false)
  })

  it('never read beyond the payload', () => {
    const descriptor = new Vp8Descriptor()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 10 }), (bytes) => {
        const buffer = Buffer.from(bytes)
        if (!descriptor.parse(buffer, 0, buffer.length)) return
        expect(descriptor.pictureIdOffset).toBeLessThan(buffer.length)
        expect(descriptor.tl0PicIdxOffset).toBeLessThan(buffer.length)
      }),
    )
  })
})

describe('key frames of other codecs', () => {
  it.each([
    { codec: 'h264', hex: '65ff', expected: true },
    { codec: 'h264', hex: '41ff', expected: false },
    { codec: 'h264', hex: '7c85ff', expected: true },
    { codec: 'h264', hex: '7c05ff', expected: false },
    { codec: 'h264', hex: '18000267ff000265ff', expected: true },
    { codec: 'h264', hex: '18000241ff', expected: false },
    { codec: 'vp9', hex: '8801', expected: true },
    { codec: 'vp9', hex: 'c801', expected: false },
    { codec: 'vp9', hex: 'a80102', expected: false },
    { codec: 'vp9', hex: 'a80100', expected: true },
    { codec: 'av1', hex: '08', expected: true },
    { codec: 'av1', hex: '10', expected: false },
  ])('$codec $hex: $expected', ({ codec, hex, expected }) => {
    const bytes = Buffer.from(hex, 'hex')
    expect(startsKeyframe(codec, bytes, 0, bytes.length)).toBe(expected)
  })

  it.each(['h264', 'vp9', 'av1'])('%s: any bytes give an answer', (codec) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(typeof startsKeyframe(codec, Buffer.from(bytes), 0, bytes.length)).toBe('boolean')
      }),
    )
  })
})

it('reads audio levels', () => {
  expect(parseAudioLevel(Buffer.from([0x80 | 23]))).toBe(23)
  expect(parseAudioLevel(Buffer.alloc(0))).toBeUndefined()
})
