import { BoundedReader, type Mp4Source } from './bounded-reader.ts'
import { Mp4Walk } from './mp4-walk.ts'
import type { MediaTrack, Movie } from './read-movie.ts'

/** What an MP4 file is, by what it says of itself. */
export interface Mp4Facts {
  /** 0 where the file does not say. */
  readonly durationSeconds: number
  /** Whether there is a track of pictures with at least one sample. */
  readonly hasVideo: boolean
  /** Whether there is a track of sound with at least one sample. */
  readonly hasAudio: boolean
  /** Whether all that its boxes and samples point to is inside the file; a file that was cut is not whole. */
  readonly isWhole: boolean
}

/**
 * Reads what an MP4 file (ISO/IEC 14496-12) says of itself: plain, with its index in front or at the end, or in
 * fragments. Takes at most 40 reads of at most 4 MiB, whatever the file claims: the media is skipped, and of a long
 * file in fragments only the first and the last ones are looked at.
 *
 * @returns undefined for what is no MP4 or has no whole movie box
 * @throws only what the source throws
 */
export async function readMp4Facts(source: Mp4Source): Promise<Mp4Facts | undefined> {
  const walk = new Mp4Walk(new BoundedReader(source))
  await walk.follow()
  const { movie, timeline, index, isAtEnd } = walk
  if (!movie) return undefined
  const has = (wanted: MediaTrack['kind']) =>
    movie.tracks.some(
      ({ id, kind, table }) => kind === wanted && (table.samples > 0 || timeline.hasSamplesOf(id)),
    )
  const ends = [timeline.endBytes, index?.end ?? 0, ...movie.tracks.map(({ table }) => table.end)]
  return {
    durationSeconds: movie.isFragmented ? fragmentedSeconds(movie, walk) : movie.durationSeconds,
    hasVideo: has('video'),
    hasAudio: has('audio'),
    isWhole: isAtEnd && ends.every((end) => end <= source.size),
  }
}

function fragmentedSeconds(movie: Movie, { timeline, index }: Mp4Walk): number {
  const hasSamples = movie.tracks.some(({ table }) => table.samples > 0)
  const measured = hasSamples
    ? Math.max(movie.durationSeconds, timeline.endSeconds)
    : timeline.endSeconds - timeline.startSeconds
  // What was promised counts only where what was written does not say when it is
  if (measured > 0 && timeline.isEndKnown) return measured
  return Math.max(measured, movie.claimedSeconds, index?.durationSeconds ?? 0)
}
