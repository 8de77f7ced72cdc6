import { readFile } from 'node:fs/promises'
import { RecordingCheckSchema } from '@roomreel/contracts'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_READ_BYTES, MAX_READS } from '../../src/file-check/bounded-reader.ts'
import { judgeFile } from '../../src/file-check/judge-file.ts'
import { readMp4Facts } from '../../src/file-check/read-mp4-facts.ts'
import { SparseFile } from './sparse-file.ts'

const NAMES = [
  'fast-start.mp4',
  'moov-at-end.mp4',
  'fragments.mp4',
  'fragments-with-index.mp4',
  'fragments-with-segment-index.mp4',
] as const
const BOXES =
  'ftyp moov mvhd trak tkhd mdhd hdlr minf stbl stsc stsz stco mvex trex sidx moof mfhd traf tfhd tfdt trun mdat mfra tfra mfro'.split(
    ' ',
  )
const SAID = { duration: 12 }
const files = await Promise.all(
  NAMES.map(async (name) => readFile(new URL(`files/${name}`, import.meta.url))),
)

describe('files that were cut', () => {
  it.each(NAMES.map((name, index) => [name, files[index] ?? Buffer.alloc(0)] as const))(
    '%s is never taken for what it was, wherever it ends',
    async (name, bytes) => {
      const file = SparseFile.of(bytes)
      const accepted: number[] = []
      for (let size = 0; size < bytes.length; size++) {
        const check = judgeFile(await readMp4Facts(file.cut(size)), SAID)
        if (check !== 'damaged' && check !== 'short') accepted.push(size)
      }
      // Without its index, a file in fragments lacks nothing of what was recorded
      const allowed = name === 'fragments-with-index.mp4' ? [bytes.indexOf('mfra') - 4] : []
      expect(accepted).toEqual(allowed)
      expect(judgeFile(await readMp4Facts(file), SAID)).toBe('verified')
    },
  )
})

describe('files that were changed', () => {
  const file = fc.constantFrom(...files)
  const place = fc.nat(20_000)
  /** Numbers that make sizes, counts and offsets into something else. */
  const number = fc.oneof(
    fc.constantFrom(0, 1, 7, 8, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
    fc.integer({ min: 0, max: 0xffff_ffff }),
  )
  const change = fc.oneof(
    fc.record({ kind: fc.constant('number' as const), at: place, number }),
    fc.record({ kind: fc.constant('copy' as const), at: place, from: place, length: fc.nat(600) }),
    fc.record({ kind: fc.constant('drop' as const), at: place, length: fc.nat(600) }),
    fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ maxLength: 64 }) }),
  )
  type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never

  function changed(bytes: Buffer, { at, ...how }: Change): Buffer {
    const place = at % Math.max(1, bytes.length)
    const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)]
    switch (how.kind) {
      case 'number': {
        const number = Buffer.alloc(4)
        number.writeUInt32BE(how.number)
        return Buffer.concat([before, number, after.subarray(4)])
      }
      case 'copy':
        return Buffer.concat([before, bytes.subarray(how.from, how.from + how.length), after])
      case 'drop':
        return Buffer.concat([before, after.subarray(how.length)])
      case 'insert':
        return Buffer.concat([before, how.bytes, after])
    }
  }

  /** A change to a field of a box, which is where it hurts. */
  function withFieldChanged(bytes: Buffer, box: string, offset: number, value: number): Buffer {
    const copy = Buffer.from(bytes)
    const at = copy.indexOf(box)
    if (at >= 4) copy.writeUInt32BE(value, Math.min(at - 4 + offset * 4, copy.length - 4))
    return copy
  }

  /** What is wrong with the answer, or with how it was had; undefined when all is well. */
  async function faultOf(bytes: Buffer): Promise<string | undefined> {
    const source = SparseFile.of(bytes)
    const facts = await readMp4Facts(source)
    const check = judgeFile(facts, SAID)
    if (!RecordingCheckSchema.options.includes(check)) return `judged ${check}`
    const seconds = facts?.durationSeconds ?? 0
    if (!Number.isFinite(seconds) || seconds < 0) return `${seconds} seconds`
    if (source.reads.length > MAX_READS) return `${source.reads.length} reads`
    const outside = source.reads.find(
      ({ start, length }) => start < 0 || length > MAX_READ_BYTES || start + length > bytes.length,
    )
    return outside && `a read of ${outside.length} bytes at ${outside.start}`
  }

  it('get an answer within the bounds, whatever bytes are changed', async () => {
    const changes = fc.array(change, { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(file, changes, async (bytes, list) => {
        expect(await faultOf(list.reduce(changed, bytes))).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  it('get an answer within the bounds, whatever a field of a box says', async () => {
    const boxes = fc.constantFrom(...BOXES)
    await fc.assert(
      fc.asyncProperty(file, boxes, fc.nat(8), number, async (bytes, name, offset, value) => {
        expect(await faultOf(withFieldChanged(bytes, name, offset, value))).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  it('get an answer within the bounds, whatever bytes they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await faultOf(Buffer.from(bytes))).toBeUndefined()
      }),
    )
  })
})
