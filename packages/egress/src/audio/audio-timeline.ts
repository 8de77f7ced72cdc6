/** Length of audio kept per track. What is older has been mixed. */
const CAPACITY_SECONDS = 4
/** A stream that was off by more than this for a whole second is moved. */
const TOLERATED_LAG_SECONDS = 0.04
/** A stream this far ahead of the clock is moved at once: it can only be a mistake of the past. */
const MAX_LEAD_SECONDS = 0.25

/**
 * The samples of one track, placed on the recording's time line by when they arrived: frames carry no
 * timestamp.
 *
 * Arrival is only the latest time a sample can belong to: a stalled event loop hands over a burst late. So
 * samples are laid out one after another and moved only if they were off for a whole second, by the least
 * lag seen in it.
 */
export class AudioTimeline {
  readonly #rateHz: number
  readonly #capacity: number
  readonly #left: Float32Array
  readonly #right: Float32Array
  #start = 0
  #end = -1
  #windowSamples = 0
  #leastLag = Infinity
  /** How often the track was moved. */
  moves = 0

  constructor(rateHz: number) {
    this.#rateHz = rateHz
    this.#capacity = rateHz * CAPACITY_SECONDS
    this.#left = new Float32Array(this.#capacity)
    this.#right = new Float32Array(this.#capacity)
  }

  /** Sample number after the last one; -1 before the first. */
  get end(): number {
    return this.#end
  }

  /**
   * Adds samples that have just arrived.
   *
   * @param samples 16 bit, interleaved
   * @param now sample number of this moment
   * @param mixed sample number up to which everything has been mixed: earlier places are gone
   */
  push(samples: Int16Array, channels: 1 | 2, now: number, mixed: number): void {
    const count = Math.min(Math.floor(samples.length / channels), this.#capacity)
    this.#align(now - count, count, mixed)
    let at = this.#end % this.#capacity
    for (let index = 0, from = 0; index < count; index++, from += channels) {
      const left = (samples[from] ?? 0) / 32_768
      this.#left[at] = left
      this.#right[at] = channels === 2 ? (samples[from + 1] ?? 0) / 32_768 : left
      if (++at === this.#capacity) at = 0
    }
    this.#end += count
  }

  /** Adds what lies between two sample numbers to a mix of that length. */
  addTo(left: Float32Array, right: Float32Array, from: number): void {
    const first = Math.max(from, this.#start, this.#end - this.#capacity)
    const last = Math.min(from + left.length, this.#end)
    for (let sample = first; sample < last; sample++) {
      const at = sample % this.#capacity
      const to = sample - from
      left[to] = (left[to] ?? 0) + (this.#left[at] ?? 0)
      right[to] = (right[to] ?? 0) + (this.#right[at] ?? 0)
    }
  }

  #align(expected: number, count: number, mixed: number): void {
    if (this.#end < 0) {
      this.#start = this.#end = Math.max(expected, mixed, 0)
      return
    }
    const lag = expected - this.#end
    this.#leastLag = Math.min(this.#leastLag, lag)
    this.#windowSamples += count
    const late = this.#end < mixed
    const ahead = lag < -MAX_LEAD_SECONDS * this.#rateHz
    if (!late && !ahead && this.#windowSamples < this.#rateHz) return
    let move = 0
    if (late) move = Math.max(lag, mixed - this.#end)
    else if (ahead || Math.abs(this.#leastLag) > TOLERATED_LAG_SECONDS * this.#rateHz) move = this.#leastLag
    this.#windowSamples = 0
    this.#leastLag = Infinity
    if (move !== 0) this.#moveEnd(Math.max(this.#end + move, mixed))
  }

  #moveEnd(target: number): void {
    this.moves++
    // A gap is silence; after a whole turn of the ring nothing old is left to silence
    const until = Math.min(target, this.#end + this.#capacity)
    for (let sample = this.#end; sample < until; sample++) {
      const at = sample % this.#capacity
      this.#left[at] = this.#right[at] = 0
    }
    this.#end = target
  }
}
