/**
 * How much memory does the product hold when nobody uses it?
 * Budget: 150 MB, server and local stack together. Read once a second from 15 s after it was ready, until ten
 * readings in a row lie within 2 %; those ten are the values.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { descendants, memory } from '../machine/processes.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'
import { summarise } from '../report/statistics.ts'
import { until } from '../until.ts'

const SETTLE_MS = 15_000
const READINGS = 10
const READING_INTERVAL_MS = 1_000
const FLAT_WITHIN = 0.02

export const idleMemory: Question = {
  name: 'idle-memory',
  title: 'server idle RSS',
  async measure() {
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    await delay(SETTLE_MS)
    const readings: number[] = []
    const values = await until(
      'memory is flat',
      async () => {
        let sum = 0
        for (const pid of [product.pid, ...(await descendants(product.pid))]) sum += (await memory(pid)).rssMB
        readings.push(sum)
        const last = readings.slice(-READINGS)
        const { min, max } = summarise(last)
        return last.length === READINGS && max - min <= max * FLAT_WITHIN ? last : undefined
      },
      { intervalMs: READING_INTERVAL_MS },
    )
    return [{ name: 'RSS, all processes', unit: 'MB', budget: 150, values }]
  },
}
