/** livekit-server's defaults (`audio` in its configuration). */
const ACTIVE_DBOV = 35
const MIN_ACTIVE_SHARE = 0.4
const SMOOTHING = 2 / (2 + 1)
/** What one packet stands for: clients send 20 ms of audio at a time. */
const PACKET_MS = 20

/** Whether and how loudly a participant speaks, measured over one update interval after the other. */
export class SpeakerLevel {
  #activeMs = 0
  #loudestDbov = 127
  #smoothed = 0
  #isActive = false

  /** Takes the level of one audio packet, in dB below full scale. */
  observe(levelDbov: number): void {
    if (levelDbov > ACTIVE_DBOV) return
    this.#activeMs += PACKET_MS
    if (levelDbov < this.#loudestDbov) this.#loudestDbov = levelDbov
  }

  /** Ends an interval of `intervalMs`; returns the smoothed linear level from 0 to 1, 0 for silence. */
  takeLevel(intervalMs: number): number {
    const isLoud = this.#activeMs >= intervalMs * MIN_ACTIVE_SHARE
    const observed = isLoud ? 10 ** (-this.#loudestDbov / 20) : 0
    this.#smoothed += (observed - this.#smoothed) * SMOOTHING
    this.#activeMs = 0
    this.#loudestDbov = 127
    this.#isActive = this.#smoothed >= 10 ** (-ACTIVE_DBOV / 20)
    return this.#isActive ? this.#smoothed : 0
  }
}
