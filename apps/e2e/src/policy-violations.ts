import type { Browser, BrowserContext, ConsoleMessage } from '@playwright/test'

/** What browsers have refused to do for a page because of its content security policy. */
export interface PolicyViolations {
  readonly texts: readonly string[]
  /** Listens no more. */
  readonly stop: () => void
}

/** Listens to all pages of contexts that exist or are made from now on. */
export function collectPolicyViolations(browser: Browser, context: BrowserContext): PolicyViolations {
  const texts: string[] = []
  const listen = (message: ConsoleMessage): void => {
    if (/content security policy/i.test(message.text())) texts.push(message.text())
  }
  const newContext = browser.newContext.bind(browser)
  context.on('console', listen)
  browser.newContext = async (options) => {
    const made = await newContext(options)
    made.on('console', listen)
    return made
  }
  return {
    texts,
    stop() {
      browser.newContext = newContext
    },
  }
}
