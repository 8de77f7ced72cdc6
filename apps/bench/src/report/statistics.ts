export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/**
 * Median and extremes.
 * @throws RangeError for an empty list
 */
export function summarise(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b)
  const [min, max] = [sorted[0], sorted.at(-1)]
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (min === undefined || max === undefined || lower === undefined || upper === undefined) {
    throw new RangeError('There is no median of no values.')
  }
  return { median: (lower + upper) / 2, min, max }
}
