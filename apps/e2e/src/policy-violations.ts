import type { Browser, ConsoleMessage } from '@playwright/test'

/** What browsers have refused to do for a page because of its content security policy. */
export interface PolicyViolations {
  readonly texts: readonly string[]
  /** For a context that was there before. */
  readonly listen: (message: ConsoleMessage) => void
  /** Listens no more. */
  readonly stop: () => void
}

/** Listens to all pages of contexts that are made from now on. */
export function collectPolicyViolations(browser: Browser): PolicyViolations {
  const texts: string[] = []
  const listen = (message: ConsoleMessage): void => {
    if (/content security policy/i.test(message.text())) texts.push(message.text())
  }
  const newContext = browser.newContext.bind(browser)
  browser.newContext = async (options) => {
    const made = await newContext(options)
    made.on('console', listen)
    return made
  }
  return {
    texts,
    listen,
    stop() {
      browser.newContext = newContext
    },
  }
}
