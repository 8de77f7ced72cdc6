import type { TrackFragment } from './read-fragment.ts'
import type { MediaTrack } from './read-movie.ts'

/** What the fragments of a movie that were looked at add up to. */
export class FragmentTimeline {
  readonly #tracks: ReadonlyMap<number, MediaTrack>
  /** Seconds at which each track's last fragment ends; undefined where that is not known. */
  readonly #ends = new Map<number, number | undefined>()
  #first = Infinity
  #last = -Infinity
  #endBytes = 0

  constructor(tracks: readonly MediaTrack[]) {
    this.#tracks = new Map(tracks.map((track) => [track.id, track]))
  }

  /** When the first sample is decoded; 0 when no fragment says when it is. */
  get startSeconds(): number {
    return Number.isFinite(this.#first) ? this.#first : 0
  }

  /** When the last sample ends; 0 when no fragment says when it is. */
  get endSeconds(): number {
    return Number.isFinite(this.#last) ? this.#last : 0
  }

  /** The offset in the file after the last sample, in bytes. */
  get endBytes(): number {
    return this.#endBytes
  }

  /** Whether it is known of every track when its last fragment ends. */
  get isEndKnown(): boolean {
    return [...this.#ends.values()].every((end) => end !== undefined)
  }

  hasSamplesOf(trackId: number): boolean {
    return this.#ends.has(trackId)
  }

  /** Says that fragments were left out: what comes next follows nothing that is known. */
  skip(): void {
    for (const trackId of this.#ends.keys()) this.#ends.set(trackId, undefined)
  }

  /** @param startIfUnsaid in the track's own unit, for a fragment that does not say when it begins */
  add(fragment: TrackFragment, startIfUnsaid?: number): void {
    const track = this.#tracks.get(fragment.trackId)
    if (!track || fragment.samples === 0) return
    this.#endBytes = Math.max(this.#endBytes, fragment.end)
    const said = fragment.start ?? startIfUnsaid
    // What does not say when it begins follows what came before, in a file that is read from its beginning
    const before = this.#ends.has(track.id) ? this.#ends.get(track.id) : track.durationSeconds
    const start = said === undefined ? before : said / track.timescale
    const end = start === undefined ? undefined : start + fragment.duration / track.timescale
    this.#ends.set(track.id, end)
    this.#first = Math.min(this.#first, start ?? Infinity)
    this.#last = Math.max(this.#last, end ?? -Infinity)
  }
}
