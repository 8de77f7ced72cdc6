/** Below this, in dB relative to full scale, a voice is silence. */
const FLOOR_DB = -60

/**
 * Loudness of some samples as a share of what a meter shows: 0 for silence, 1 for full scale, in equal steps
 * of decibels as ears have them. Pure.
 * @param samples from -1 to 1
 */
export function audioLevel(samples: Float32Array): number {
  let sum = 0
  for (const sample of samples) sum += sample * sample
  const rms = Math.sqrt(sum / Math.max(1, samples.length))
  const db = 20 * Math.log10(Math.max(rms, 1e-9))
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB))
}
