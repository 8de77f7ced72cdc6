import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseKeyframeRequest, serializePli } from './keyframe-request.ts'
import { NACK_FORMAT, parseNack, serializeNack } from './nack.ts'
import { parseReportBlocks, serializeReceiverReport } from './receiver-report.ts'
import { serializeRemb } from './remb.ts'
import { parseRtcpCompound, RTCP_TYPE } from './rtcp-compound.ts'
import { parseSenderReport, serializeSenderReport } from './sender-report.ts'

describe('compound packets', () => {
  const compound = Buffer.concat([
    serializeSenderReport(7, 3_900_000_000_123, 4_000_000_000, 10, 1_000),
    serializeNack(1, 2, [5, 6]),
    serializePli(1, 3),
  ])

  it('are split into their parts', () => {
    expect(parseRtcpCompound(compound)).toMatchObject([
      { type: RTCP_TYPE.senderReport, count: 0 },
      { type: RTCP_TYPE.transportFeedback, count: NACK_FORMAT },
      { type: RTCP_TYPE.payloadFeedback, count: 1 },
    ])
  })

  it('give parts or a reason for every prefix', () => {
    for (let length = 0; length < compound.length; length++) {
      const parts = parseRtcpCompound(compound.subarray(0, length))
      const outcome =
        typeof parts === 'string' ? parts : parts.reduce((sum, part) => sum + part.packet.length, 0)
      expect(['too-short', 'length-overrun', length]).toContain(outcome)
    }
  })

  it('any bytes can be handed to any parser', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(31), (bytes, count) => {
        const buffer = Buffer.from(bytes)
        parseRtcpCompound(buffer)
        parseSenderReport(buffer)
        parseNack(buffer)
        parseKeyframeRequest(count, buffer)
        expect(parseReportBlocks(buffer, count, 8).length).toBeLessThanOrEqual(count)
      }),
    )
  })
})

describe('sender reports', () => {
  it('come back as they were written', () => {
    const ntpMs = 3_900_000_000_123.5
    const report = parseSenderReport(serializeSenderReport(0xffff_fffe, ntpMs, 0xffff_fff0, 1, 2))
    expect(report).toMatchObject({ ssrc: 0xffff_fffe, rtpTimestamp: 0xffff_fff0 })
    expect(report?.ntpMs).toBeCloseTo(ntpMs, 3)
  })
})

describe('NACK', () => {
  it.each([
    { what: 'one', numbers: [7] },
    { what: 'neighbours', numbers: [7, 8, 23] },
    { what: 'more than one entry holds', numbers: [7, 24, 60_000] },
    { what: 'across the wrap', numbers: [65_534, 65_535, 0, 1] },
  ])('names $what', ({ numbers }) => {
    expect(parseNack(serializeNack(1, 9, numbers))).toEqual({ mediaSsrc: 9, sequenceNumbers: numbers })
  })

  it('names any ascending run', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 50 }),
        (start, steps) => {
          let number = start
          const numbers = [start, ...steps.map((step) => (number = (number + step) & 0xffff))]
          expect(parseNack(serializeNack(1, 9, numbers))?.sequenceNumbers).toEqual(numbers)
        },
      ),
    )
  })
})

describe('receiver reports', () => {
  it('come back as they were written', () => {
    const block = {
      ssrc: 5,
      fractionLost: 12,
      cumulativeLost: 70_000,
      extendedHighest: 70_001,
      jitter: 90,
      lastSenderReport: 0xdead_beef,
      delaySinceLastSenderReport: 65_536,
    }
    const packet = serializeReceiverReport(1, [block, { ...block, ssrc: 6 }])
    expect(parseReportBlocks(packet, 2, 8)).toEqual([block, { ...block, ssrc: 6 }])
  })

  it('hold no more than 31 blocks', () => {
    const block = parseReportBlocks(Buffer.alloc(32), 1, 8)[0]
    if (!block) throw new Error('no block')
    const packet = serializeReceiverReport(
      1,
      Array.from({ length: 40 }, () => block),
    )
    expect(parseRtcpCompound(packet)).toMatchObject([{ count: 31 }])
  })
})

describe('key frame requests', () => {
  it('name their stream', () => {
    expect(parseKeyframeRequest(1, serializePli(1, 77))).toEqual([77])
    const fir = Buffer.from('84ce0004000000010000000000000063010000000000000000', 'hex').subarray(0, 20)
    expect(parseKeyframeRequest(4, fir)).toEqual([0x63])
    expect(parseKeyframeRequest(15, serializeRemb(1, 1_000, [3]))).toEqual([])
  })
})

describe('REMB', () => {
  it.each([0, 1_000, 262_143, 262_144, 20_000_000])('%i bit/s', (bitrate) => {
    const packet = serializeRemb(1, bitrate, [8, 9])
    const exponent = packet.readUInt8(17) >> 2
    const mantissa = ((packet.readUInt8(17) & 3) << 16) | packet.readUInt16BE(18)
    expect(Math.abs(mantissa * 2 ** exponent - bitrate)).toBeLessThanOrEqual(bitrate / 100_000)
    expect(packet.readUInt8(16)).toBe(2)
    expect(packet.toString('latin1', 12, 16)).toBe('REMB')
  })
})
