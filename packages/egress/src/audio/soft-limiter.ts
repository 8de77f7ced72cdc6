/** Loudest sample that leaves the limiter, as a share of full scale (−0.3 dBFS). */
export const LIMITER_CEILING = 0.966
const RELEASE_SECONDS = 0.15

/**
 * Keeps a mix of several voices below full scale by turning it down the moment it would exceed the ceiling
 * and up again slowly, both channels alike. Mixes that stay below the ceiling pass unchanged.
 */
export class SoftLimiter {
  readonly #recovery: number
  #gain = 1

  constructor(rateHz: number) {
    this.#recovery = 1 - Math.exp(-1 / (RELEASE_SECONDS * rateHz))
  }

  /** Limits two channels of the same length in place. */
  apply(left: Float32Array, right: Float32Array): void {
    for (let index = 0; index < left.length; index++) {
      const l = left[index] ?? 0
      const r = right[index] ?? 0
      const peak = Math.max(Math.abs(l), Math.abs(r))
      this.#gain += (1 - this.#gain) * this.#recovery
      if (peak * this.#gain > LIMITER_CEILING) this.#gain = LIMITER_CEILING / peak
      left[index] = l * this.#gain
      right[index] = r * this.#gain
    }
  }
}
