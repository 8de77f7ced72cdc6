/** Counts what was refused or dropped, by reason; the reasons are a fixed set of literals, so the map stays small. */
export class Counters {
  readonly #counts = new Map<string, number>()

  add(name: string, amount = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + amount)
  }

  get(name: string): number {
    return this.#counts.get(name) ?? 0
  }

  /** All counts at this moment. */
  snapshot(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }
}
