import type { Product } from './product.ts'

/** What `/metrics` says now. */
export interface MetricsReading {
  /** The sum over all labels; 0 where nothing was counted yet. */
  sum(name: string): number
}

/** @throws Error when there is no answer */
export async function readMetrics({ url }: Pick<Product, 'url'>): Promise<MetricsReading> {
  const answer = await fetch(`${url}/metrics`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`/metrics answers ${answer.status}.`)
  return { sum: (name) => sumOf(text, name) }
}

/** Adds up a metric in Prometheus' text format. */
export function sumOf(text: string, name: string): number {
  let sum = 0
  for (const line of text.split('\n')) {
    const value = new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`).exec(line)?.[1]
    if (value !== undefined) sum += Number(value)
  }
  return sum
}
