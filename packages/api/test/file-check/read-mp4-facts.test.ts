import { readFile } from 'node:fs/promises'
import { describe, expect, it, test } from 'vitest'
import { readMp4Facts } from '../../src/file-check/read-mp4-facts.ts'
import {
  AUDIO_ID,
  box,
  fragment,
  fragmentedMoov,
  FTYP,
  largeMdat,
  mfra,
  moov,
  trak,
  u32,
  VIDEO_ID,
} from './build-mp4.ts'
import { SparseFile, type Piece } from './sparse-file.ts'

const fileNamed = (name: string) => readFile(new URL(`files/${name}`, import.meta.url))
const GIB = 2 ** 30

describe('files of FFmpeg', () => {
  const whole = { hasVideo: true, hasAudio: true, isWhole: true }

  // The sound of a file in fragments is longer by what AAC needs to begin, which only an edit list would take off
  test.each([
    ['fast-start.mp4', { ...whole, durationSeconds: 12 }],
    ['moov-at-end.mp4', { ...whole, durationSeconds: 12 }],
    ['fragments.mp4', { ...whole, durationSeconds: 12.128 }],
    ['fragments-with-index.mp4', { ...whole, durationSeconds: 12.128 }],
    ['fragments-with-segment-index.mp4', { ...whole, durationSeconds: 12.128 }],
    ['recorder-killed.mp4', { ...whole, durationSeconds: 8.192 }],
    ['video-only.mp4', { ...whole, durationSeconds: 12, hasAudio: false }],
    ['audio-only.mp4', { ...whole, durationSeconds: 12, hasVideo: false }],
  ])('%s', async (name, facts) => {
    const file = SparseFile.of(await fileNamed(name))
    const { durationSeconds, ...others } = facts
    const found = await readMp4Facts(file)
    expect(found).toMatchObject(others)
    expect(found?.durationSeconds).toBeCloseTo(durationSeconds, 3)
    expect(file.reads).toHaveLength(1)
  })

  it.each(['', 'not an MP4 file, but long enough to be one', '{"name":"room.mp4"}'])(
    'knows nothing of %j',
    async (text) => {
      expect(await readMp4Facts(SparseFile.of(Buffer.from(text)))).toBeUndefined()
    },
  )
})

describe('plain files', () => {
  const MEDIA_BYTES = 5 * GIB
  const MOOV_START = FTYP.length + 16 + MEDIA_BYTES

  /** Ten seconds whose samples end at a place in the file. */
  const tracksEndingAt = (end: number) => [
    trak({ id: VIDEO_ID, durationSeconds: 10, sizes: [700, 300], chunks: [end - 1000], samplesPerChunk: 2 }),
    trak({ id: AUDIO_ID, durationSeconds: 10, sizes: [5], chunks: [100], samplesPerChunk: 1 }),
  ]
  const plainFile = (movie: Buffer) =>
    new SparseFile(MOOV_START + movie.length, [
      { start: 0, bytes: FTYP },
      { start: FTYP.length, bytes: largeMdat(MEDIA_BYTES) },
      { start: MOOV_START, bytes: movie },
    ])

  it('skips gigabytes of media before the index', async () => {
    const file = plainFile(moov(10, ...tracksEndingAt(MOOV_START)))
    expect(await readMp4Facts(file)).toEqual({
      durationSeconds: 10,
      hasVideo: true,
      hasAudio: true,
      isWhole: true,
    })
    expect(file.reads.length).toBeLessThanOrEqual(2)
    expect(file.bytesRead).toBeLessThan(100_000)
  })

  it('sees that samples lie beyond the end', async () => {
    const movie = moov(10, ...tracksEndingAt(2000))
    const size = MOOV_START + movie.length
    const reaching = (end: number) => readMp4Facts(plainFile(moov(10, ...tracksEndingAt(end))))
    expect(await reaching(size)).toMatchObject({ isWhole: true })
    expect(await reaching(size + 1)).toMatchObject({ isWhole: false })
  })

  it('takes the longest track for the duration that the movie does not say', async () => {
    expect(await readMp4Facts(plainFile(moov(0, ...tracksEndingAt(MOOV_START))))).toMatchObject({
      durationSeconds: 10,
    })
  })

  it('counts only tracks that hold samples', async () => {
    const movie = moov(10, trak({ id: VIDEO_ID }), trak({ id: AUDIO_ID, durationSeconds: 10 }))
    expect(await readMp4Facts(plainFile(movie))).toMatchObject({ hasVideo: false, hasAudio: false })
  })

  it('does not read the tables of a day of recording', async () => {
    const chunks = Array.from({ length: 500_000 }, (_, index) => 100 + index * 2000)
    const sizes = Array.from({ length: 1_500_000 }, () => 600)
    const table = { durationSeconds: 86_400, sizes, chunks, samplesPerChunk: 3 }
    const movie = moov(86_400, trak({ id: VIDEO_ID, ...table }), trak({ id: AUDIO_ID, ...table }))
    const file = plainFile(movie)
    expect(await readMp4Facts(file)).toEqual({
      durationSeconds: 86_400,
      hasVideo: true,
      hasAudio: true,
      isWhole: true,
    })
    expect(movie.length).toBeGreaterThan(20_000_000)
    expect(file.reads.length).toBeLessThanOrEqual(20)
    expect(file.bytesRead).toBeLessThan(1_500_000)
  })
})

describe('files in fragments', () => {
  const MEDIA_BYTES = 700_000
  const SECONDS = 2

  interface Options {
    readonly count: number
    /** Tracks of each fragment, in turn. Default: both in each. */
    readonly trackIds?: readonly (readonly number[])[]
    readonly saysWhen?: boolean
    readonly mehdSeconds?: number
    readonly hasIndex?: boolean
    readonly firstSeconds?: number
  }

  /** Fragments of 2 s, one after the other. */
  function fragments({
    count,
    trackIds = [[VIDEO_ID, AUDIO_ID]],
    saysWhen = true,
    mehdSeconds,
    hasIndex = false,
    firstSeconds = 0,
  }: Options): SparseFile {
    const head = Buffer.concat([FTYP, fragmentedMoov(mehdSeconds)])
    const pieces: Piece[] = [{ start: 0, bytes: head }]
    const points = new Map<number, { id: number; time: number; moof: number }>()
    let end = head.length
    for (let index = 0; index < count; index++) {
      const ids = trackIds[index % trackIds.length] ?? []
      const time = firstSeconds + Math.floor(index / trackIds.length) * SECONDS
      const startSeconds = saysWhen ? time : undefined
      const bytes = fragment({
        trackIds: ids,
        startSeconds,
        durationSeconds: SECONDS,
        mediaBytes: MEDIA_BYTES,
      })
      pieces.push({ start: end, bytes })
      for (const id of ids) points.set(id, { id, time: time * 1000, moof: end })
      end += bytes.length + MEDIA_BYTES
    }
    if (!hasIndex) return new SparseFile(end, pieces)
    const bytes = mfra([...points.values()])
    return new SparseFile(end + bytes.length, [...pieces, { start: end, bytes }])
  }

  const COUNT = 18_000
  const HOURS_SECONDS = COUNT * SECONDS
  const whole = { durationSeconds: HOURS_SECONDS, hasVideo: true, hasAudio: true, isWhole: true }

  it.each([
    ['without an index', {}],
    ['with an index', { hasIndex: true }],
    ['a fragment for each track in turn', { count: 2 * COUNT, trackIds: [[VIDEO_ID], [AUDIO_ID]] }],
    [
      'a fragment for each track, with an index',
      { count: 2 * COUNT, trackIds: [[VIDEO_ID], [AUDIO_ID]], hasIndex: true },
    ],
    ['that say nothing of time, with an index', { saysWhen: false, hasIndex: true }],
    ['that say nothing of time, and what the movie claims', { saysWhen: false, mehdSeconds: HOURS_SECONDS }],
    ['that begin in the middle', { firstSeconds: 7200 }],
    ['with an index, that begin in the middle', { firstSeconds: 7200, hasIndex: true }],
  ])('ten hours %s', async (_, options) => {
    const file = fragments({ count: COUNT, ...options })
    expect(await readMp4Facts(file)).toEqual(whole)
    expect(file.reads.length).toBeLessThanOrEqual(30)
    expect(file.bytesRead).toBeLessThan(8_000_000)
  })

  it.each([3, 8, 12, 20, 30])('%i fragments', async (count) => {
    expect(await readMp4Facts(fragments({ count }))).toEqual({ ...whole, durationSeconds: count * SECONDS })
    expect(await readMp4Facts(fragments({ count, hasIndex: true }))).toEqual({
      ...whole,
      durationSeconds: count * SECONDS,
    })
  })

  it('adds up fragments that say nothing of time as far as it can follow them', async () => {
    expect(await readMp4Facts(fragments({ count: 5, saysWhen: false }))).toEqual({
      ...whole,
      durationSeconds: 10,
    })
  })

  it('does not believe the movie where the fragments say better', async () => {
    expect(await readMp4Facts(fragments({ count: 40, mehdSeconds: 1000 }))).toMatchObject({
      durationSeconds: 80,
    })
  })

  it('sees that the end is cut off, of ten hours too', async () => {
    const file = fragments({ count: COUNT })
    for (const cutOff of [
      1,
      MEDIA_BYTES - 1,
      MEDIA_BYTES,
      MEDIA_BYTES + 1,
      MEDIA_BYTES + 8,
      MEDIA_BYTES + 100,
    ]) {
      const facts = await readMp4Facts(file.cut(file.size - cutOff))
      expect([cutOff, facts?.isWhole]).toEqual([cutOff, false])
    }
  })

  it('takes what was cut after a whole fragment for a whole file that is shorter', async () => {
    const [shorter, longer] = [fragments({ count: COUNT - 900 }), fragments({ count: COUNT })]
    expect(await readMp4Facts(longer.cut(shorter.size))).toEqual({
      ...whole,
      durationSeconds: HOURS_SECONDS - 1800,
    })
  })

  it('is not led astray by media that looks like fragments', async () => {
    const file = fragments({ count: 50 })
    const fake = box('moof', box('mfhd', u32(0, 1)))
    const media = Buffer.concat(
      Array.from({ length: 500 }, () => Buffer.concat([fake, Buffer.from('noise')])),
    )
    const disturbed = new SparseFile(file.size, [
      ...file.pieces,
      { start: file.size - media.length - 1000, bytes: media },
    ])
    expect(await readMp4Facts(disturbed)).toEqual({ ...whole, durationSeconds: 100 })
  })
})

describe('files that lie', () => {
  const track = trak({ id: VIDEO_ID, durationSeconds: 10, sizes: [5], chunks: [10], samplesPerChunk: 1 })

  it.each([
    [
      'a first box larger than the file',
      Buffer.concat([u32(0xffff_fff0), Buffer.from('ftyp'), moov(10, track)]),
    ],
    ['a first box of 2^63 bytes', Buffer.concat([largeMdat(2 ** 62), moov(10, track)])],
    ['a box smaller than its header', Buffer.concat([FTYP, u32(7), Buffer.from('free'), moov(10, track)])],
    ['media without an end', Buffer.concat([FTYP, u32(0), Buffer.from('mdat'), moov(10, track)])],
    ['a movie larger than the file', moov(10, track).subarray(0, -1)],
  ])('knows nothing after %s', async (_, bytes) => {
    expect(await readMp4Facts(SparseFile.of(bytes))).toBeUndefined()
  })

  it.each([
    ['more sizes than there are', Buffer.concat([u32(0, 0, 0xffff_ffff), u32(5)])],
    ['no samples', u32(0, 0, 0)],
    ['sizes that are not there', u32(0)],
  ])('finds no samples in a table with %s', async (_, stsz) => {
    const bytes = Buffer.concat([FTYP, moov(10, withSizes(track, stsz)), box('mdat', u32(0))])
    expect(await readMp4Facts(SparseFile.of(bytes))).toMatchObject({ hasVideo: false })
  })

  it('sees that samples of one size, four thousand million of them, are not there', async () => {
    const sizes = withSizes(track, u32(0, 9, 0xffff_ffff), 0xffff_ffff)
    const bytes = Buffer.concat([FTYP, moov(10, sizes), box('mdat', u32(0))])
    expect(await readMp4Facts(SparseFile.of(bytes))).toMatchObject({ hasVideo: true, isWhole: false })
  })

  it('is not whole with a fragment whose number of samples is made up', async () => {
    const trun = box('trun', u32(0x300, 0xffff_ffff, 1, 1))
    const traf = box('traf', box('tfhd', u32(0, VIDEO_ID)), box('tfdt', u32(0, 0)), trun)
    const moof = box('moof', box('mfhd', u32(0, 1)), traf)
    const bytes = Buffer.concat([FTYP, fragmentedMoov(), moof, box('mdat')])
    expect(await readMp4Facts(SparseFile.of(bytes))).toMatchObject({ hasVideo: false, isWhole: false })
  })

  it('looks no deeper than boxes go', async () => {
    let nested = box('trak')
    for (let depth = 0; depth < 5_000; depth++) nested = box(depth % 2 ? 'trak' : 'mdia', nested)
    const bytes = Buffer.concat([FTYP, moov(10, nested, track), box('mdat', u32(0))])
    expect(await readMp4Facts(SparseFile.of(bytes))).toMatchObject({ hasVideo: true, hasAudio: false })
  })

  it.each([
    ['nothing but small boxes', (size: number) => repeated(box('free'), size)],
    ['nothing but what looks like fragments', (size: number) => repeated(box('moof', box('mfhd')), size)],
    ['nothing but zeros', (size: number) => Buffer.alloc(size)],
  ])('ends, within its bounds, at %s after the movie', async (_, fill) => {
    const head = Buffer.concat([FTYP, fragmentedMoov()])
    const size = 2 ** 27
    const file = new SparseFile(size, [
      { start: 0, bytes: head },
      { start: head.length, bytes: fill(2 ** 24) },
      { start: size - 2 ** 22, bytes: fill(2 ** 22) },
    ])
    expect(await readMp4Facts(file)).toMatchObject({ durationSeconds: 0, hasVideo: false, hasAudio: false })
    expect(file.reads.length).toBeLessThanOrEqual(40)
  })

  it('says nothing of a file that shrinks while it is read', async () => {
    const bytes = Buffer.concat([FTYP, moov(10, track), box('mdat', u32(0))])
    const source = { size: bytes.length, read: async () => new Uint8Array() }
    expect(await readMp4Facts(source)).toBeUndefined()
  })
})

/** A track with another table of sample sizes, and perhaps another number of samples in its chunk. */
function withSizes(track: Buffer, stsz: Buffer, samplesPerChunk = 1): Buffer {
  const table = box(
    'stbl',
    box('stsc', u32(0, 1, 1, samplesPerChunk, 1)),
    box('stsz', stsz),
    box('stco', u32(0, 1, 10)),
  )
  const mdia = track.indexOf('mdia') - 4
  const media = box(
    'mdia',
    box('mdhd', u32(0, 0, 0, 1000, 10_000, 0)),
    box('hdlr', u32(0, 0), Buffer.from('vide')),
    box('minf', table),
  )
  return box('trak', track.subarray(8, mdia), media)
}

function repeated(part: Buffer, bytes: number): Buffer {
  return Buffer.alloc(bytes, part)
}
