import { type Browser, test as base, expect } from '@playwright/test'
import { collectPolicyViolations } from './policy-violations.ts'
import { type Product, startProduct } from './product.ts'

interface TestFixtures {
  /**
   * A second browser, for people who take their cameras at the same moment. Two pages of one Chromium share its one
   * camera, and Chromium 156 has lost it then for all its pages: getUserMedia resolves, and no picture ever comes.
   */
  readonly otherBrowser: Browser
  readonly keepsPolicy: void
}

interface WorkerFixtures {
  readonly environment: Record<string, string>
  readonly product: Product
}

/**
 * Playwright's test with the product running. One product serves all tests of a worker;
 * `test.use({ environment })` gets another. No page may do what its content security policy forbids.
 */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  environment: [{}, { option: true, scope: 'worker' }],
  product: [
    async ({ environment }, use) => {
      const product = await startProduct(environment)
      await use(product)
      await product.stop()
    },
    { scope: 'worker' },
  ],
  otherBrowser: async ({ browser, launchOptions }, use) => {
    const other = await browser.browserType().launch(launchOptions)
    const violations = collectPolicyViolations(other)
    await use(other)
    await other.close()
    expect(violations.texts).toEqual([])
  },
  keepsPolicy: [
    async ({ browser, context }, use) => {
      const violations = collectPolicyViolations(browser)
      context.on('console', violations.listen)
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
