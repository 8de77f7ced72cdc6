/** A box (ISO/IEC 14496-12, section 4.2) of its parts; sizes in bytes. */
export function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([u32(8 + content.length), Buffer.from(type, 'latin1'), content])
}

/** The header of a media box, with a size of 64 bits, whose content is somewhere else. */
export function largeMdat(contentBytes: number): Buffer {
  return Buffer.concat([u32(1), Buffer.from('mdat'), u64(16 + contentBytes)])
}

export const u32 = (...values: readonly number[]): Buffer => listOf32(values)
export const u64 = (...values: readonly number[]): Buffer => listOf64(values)

/** A list of any length, where spreading it would be too much for the stack. */
function listOf32(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}

function listOf64(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64BE(BigInt(value), index * 8)
  return bytes
}

export const FTYP = box('ftyp', Buffer.from('isom'), u32(0x200), Buffer.from('isomiso2'))
/** Of movies and tracks built here: units of time in a second. */
export const TIMESCALE = 1000
export const VIDEO_ID = 1
export const AUDIO_ID = 2

/** Samples of a track in the movie box. */
export interface TableOptions {
  readonly id: number
  readonly durationSeconds: number
  /** Bytes of each sample. */
  readonly sizes: readonly number[]
  /** Where each chunk begins. */
  readonly chunks: readonly number[]
  readonly samplesPerChunk: number
}

const NO_SAMPLES = { durationSeconds: 0, sizes: [], chunks: [], samplesPerChunk: 0 }

export function trak(options: Partial<TableOptions> & { readonly id: number }): Buffer {
  const { id, durationSeconds, sizes, chunks, samplesPerChunk } = { ...NO_SAMPLES, ...options }
  const handler = id === VIDEO_ID ? 'vide' : 'soun'
  const hasChunks = chunks.length > 0
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 0)),
    box('stts', u32(0, 0)),
    box('stsc', hasChunks ? u32(0, 1, 1, samplesPerChunk, 1) : u32(0, 0)),
    box('stsz', u32(0, 0, sizes.length), listOf32(sizes)),
    box('co64', u32(0, chunks.length), listOf64(chunks)),
  )
  return box(
    'trak',
    box('tkhd', u32(3, 0, 0, id, 0, durationSeconds * TIMESCALE)),
    box(
      'mdia',
      box('mdhd', u32(0, 0, 0, TIMESCALE, durationSeconds * TIMESCALE, 0)),
      box('hdlr', u32(0, 0), Buffer.from(handler), u32(0, 0, 0)),
      box('minf', stbl),
    ),
  )
}

export function moov(durationSeconds: number, ...parts: readonly Uint8Array[]): Buffer {
  return box('moov', box('mvhd', u32(0, 0, 0, TIMESCALE, durationSeconds * TIMESCALE)), ...parts)
}

/** The movie box of a file in fragments. @param mehdSeconds what it claims of the whole, if anything */
export function fragmentedMoov(mehdSeconds?: number): Buffer {
  const mehd = mehdSeconds === undefined ? [] : [box('mehd', u32(0, mehdSeconds * TIMESCALE))]
  const trex = (id: number) => box('trex', u32(0, id, 1, 0, 0, 0))
  return moov(
    0,
    trak({ id: VIDEO_ID }),
    trak({ id: AUDIO_ID }),
    box('mvex', ...mehd, trex(VIDEO_ID), trex(AUDIO_ID)),
  )
}

export interface FragmentOptions {
  readonly trackIds: readonly number[]
  /** Seconds; undefined for fragments that do not say when they begin. */
  readonly startSeconds: number | undefined
  readonly durationSeconds: number
  /** Of the media after it, which each track shares equally. */
  readonly mediaBytes: number
}

const SAMPLES = 4

/** A fragment and the header of its media. */
export function fragment({ trackIds, startSeconds, durationSeconds, mediaBytes }: FragmentOptions): Buffer {
  const sampleDuration = (durationSeconds * TIMESCALE) / SAMPLES
  const sampleBytes = Math.floor(mediaBytes / trackIds.length / SAMPLES)
  const build = (moofBytes: number) =>
    box(
      'moof',
      box('mfhd', u32(0, 1)),
      ...trackIds.map((id, index) =>
        box(
          'traf',
          // Default duration and size, and data that counts from the fragment
          box('tfhd', u32(0x2_0018, id, sampleDuration, sampleBytes)),
          ...(startSeconds === undefined
            ? []
            : [box('tfdt', u32(0x0100_0000), u64(startSeconds * TIMESCALE))]),
          box('trun', u32(0x01, SAMPLES, moofBytes + 8 + index * SAMPLES * sampleBytes)),
        ),
      ),
    )
  const moof = build(build(0).length)
  return Buffer.concat([moof, u32(8 + mediaBytes), Buffer.from('mdat')])
}

/** A fragment index for the end of a file. */
export function mfra(
  points: readonly { readonly id: number; readonly time: number; readonly moof: number }[],
): Buffer {
  const tfra = points.map(({ id, time, moof }) =>
    box('tfra', u32(0x0100_0000, id, 0, 1), u64(time, moof), Buffer.from([1, 1, 1])),
  )
  const length = 8 + Buffer.concat(tfra).length + 16
  return box('mfra', ...tfra, box('mfro', u32(0, length)))
}
