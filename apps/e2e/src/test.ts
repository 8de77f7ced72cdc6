import { test as base, expect } from '@playwright/test'
import { collectPolicyViolations } from './policy-violations.ts'
import { type Product, startProduct } from './product.ts'

interface WorkerFixtures {
  readonly environment: Record<string, string>
  readonly product: Product
}

/**
 * Playwright's test with the product running. One product serves all tests of a worker;
 * `test.use({ environment })` gets another. No page may do what its content security policy forbids.
 */
export const test = base.extend<{ keepsPolicy: void }, WorkerFixtures>({
  environment: [{}, { option: true, scope: 'worker' }],
  product: [
    async ({ environment }, use) => {
      const product = await startProduct(environment)
      await use(product)
      await product.stop()
    },
    { scope: 'worker' },
  ],
  keepsPolicy: [
    async ({ browser, context }, use) => {
      const violations = collectPolicyViolations(browser, context)
      await use()
      violations.stop()
      // Meetings go on for as long as their pages: nobody else ends them before the browser does
      await Promise.all(browser.contexts().map((each) => each.close()))
      expect(violations.texts).toEqual([])
    },
    { auto: true },
  ],
})

export { expect } from '@playwright/test'
