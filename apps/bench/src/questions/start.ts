/**
 * How long does `npm start` take once everything is installed and built?
 * Budget: ready within 5 s. Timed: `node scripts/start.mjs` until `/readyz` says yes, with the data of the start before.
 */
import { dataFolder, START_SCRIPT, startProduct } from '../product.ts'
import type { Question } from '../question.ts'

const RUNS = 5

export const start: Question = {
  name: 'start',
  title: 'npm start after the first',
  async measure() {
    await using folder = await dataFolder()
    // Warm-up: the first start makes the data folder, and builds what may be stale
    await (await startProduct(folder.path, { main: START_SCRIPT }))[Symbol.asyncDispose]()
    const values: number[] = []
    for (let run = 0; run < RUNS; run++) {
      await using product = await startProduct(folder.path, { main: START_SCRIPT })
      values.push(product.readyAfterSeconds)
    }
    return [{ name: 'ready after', unit: 's', budget: 5, values }]
  },
}
