/**
 * Which keys changed while somebody was reading S3: what was read of them may be older than what is known.
 */
export interface TouchedKeys {
  touch(key: string): void
  /** Begins a reading; it must be ended. */
  begin(): { readonly isTouched: (key: string) => boolean; end(): void }
}

export function createTouchedKeys(): TouchedKeys {
  let moment = 0
  let readings = 0
  /** Kept only while somebody reads. */
  const touched = new Map<string, number>()
  return {
    touch(key) {
      if (readings > 0) touched.set(key, ++moment)
    },
    begin() {
      readings++
      const begun = moment
      return {
        isTouched: (key) => (touched.get(key) ?? 0) > begun,
        end() {
          readings--
          if (readings === 0) touched.clear()
        },
      }
    },
  }
}
