import { test as base } from '@playwright/test'
import { type Product, startProduct } from './product.ts'

interface WorkerFixtures {
  readonly playback: 'S3' | 'PROXY'
  readonly product: Product
}

/**
 * Playwright's test with the product running. One product serves all tests of a worker; `test.use({ playback })`
 * gets another.
 */
export const test = base.extend<object, WorkerFixtures>({
  playback: ['S3', { option: true, scope: 'worker' }],
  product: [
    async ({ playback }, use) => {
      const product = await startProduct({ RECORDING_PLAYBACK_STRATEGY: playback })
      await use(product)
      await product.stop()
    },
    { scope: 'worker' },
  ],
})

export { expect } from '@playwright/test'
