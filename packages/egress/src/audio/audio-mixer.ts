import { AudioTimeline } from './audio-timeline.ts'
import { SoftLimiter } from './soft-limiter.ts'

/** Samples per mixed block: the frame size of AAC. */
export const BLOCK_SAMPLES = 1024
/** Tracks are mixed this long after their time, so that what comes late is in. */
const MIX_DELAY_SECONDS = 0.35
/** A track that is behind is waited for up to here. */
const MAX_MIX_DELAY_SECONDS = 1.2
/** A track that gave nothing for this long is not waited for. */
const SILENT_AFTER_SECONDS = 1.5

export interface MixedBlock {
  /** Number of the first sample since the recording began. */
  firstSample: number
  left: Float32Array
  right: Float32Array
}

/** Mixes the audio of all tracks into blocks on the recording's time line. */
export class AudioMixer {
  readonly #rateHz: number
  readonly #limiter: SoftLimiter
  /** As many as the room has audio tracks. */
  readonly #tracks = new Map<string, AudioTimeline>()
  #mixed = 0

  constructor(rateHz: number) {
    this.#rateHz = rateHz
    this.#limiter = new SoftLimiter(rateHz)
  }

  addTrack(trackSid: string): void {
    this.#tracks.set(trackSid, new AudioTimeline(this.#rateHz))
  }

  removeTrack(trackSid: string): void {
    this.#tracks.delete(trackSid)
  }

  /** @param nowSeconds since the recording began; audio from before is ignored */
  push(trackSid: string, samples: Int16Array, channels: 1 | 2, nowSeconds: number): void {
    if (nowSeconds < 0) return
    this.#tracks.get(trackSid)?.push(samples, channels, Math.round(nowSeconds * this.#rateHz), this.#mixed)
  }

  /** Moves of tracks on the time line: how often audio did not come as steadily as it should. */
  get moves(): number {
    let sum = 0
    for (const track of this.#tracks.values()) sum += track.moves
    return sum
  }

  /** Blocks that are complete by now. */
  takeDue(nowSeconds: number): MixedBlock[] {
    const now = Math.floor(nowSeconds * this.#rateHz)
    let until = now - MIX_DELAY_SECONDS * this.#rateHz
    for (const { end } of this.#tracks.values()) {
      if (end > now - SILENT_AFTER_SECONDS * this.#rateHz) until = Math.min(until, end)
    }
    return this.takeUntil(Math.max(until, now - MAX_MIX_DELAY_SECONDS * this.#rateHz))
  }

  /** All whole blocks up to a sample number, whatever has arrived: for the end of the recording. */
  takeUntil(sample: number): MixedBlock[] {
    const blocks: MixedBlock[] = []
    while (this.#mixed + BLOCK_SAMPLES <= sample) {
      const left = new Float32Array(BLOCK_SAMPLES)
      const right = new Float32Array(BLOCK_SAMPLES)
      for (const track of this.#tracks.values()) track.addTo(left, right, this.#mixed)
      this.#limiter.apply(left, right)
      blocks.push({ firstSample: this.#mixed, left, right })
      this.#mixed += BLOCK_SAMPLES
    }
    return blocks
  }
}
