/** Keys that are listed one after another; more of them are listed in several parts at once. */
const MIN_PART = 2_000
const MAX_PARTS = 4
/** Every so many keys are looked at to find where the parts end. */
const SAMPLE_EVERY = 20
/** Keys that sort the same way here and in S3, which sorts by bytes of UTF-8. */
const ASCII = /^[\u0020-\u007e]*$/

/**
 * Where a listing may be parted so that its parts are about equally long. It need not fit what is there: parts
 * that are not equal only take longer. Pure.
 * @param keys as far as they are known
 * @returns the last keys of all parts but the last, in S3's order
 */
export function partings(keys: Iterable<string>): string[] {
  const sample: string[] = []
  let count = 0
  for (const key of keys) if (count++ % SAMPLE_EVERY === 0 && ASCII.test(key)) sample.push(key)
  const parts = Math.min(MAX_PARTS, Math.floor(count / MIN_PART))
  sample.sort()
  const ends = new Set<string>()
  for (let part = 1; part < parts; part++) {
    const end = sample[Math.floor((sample.length * part) / parts)]
    if (end !== undefined) ends.add(end)
  }
  return [...ends]
}
