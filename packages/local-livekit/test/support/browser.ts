import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from '@playwright/test'
import { CHROMIUM_ARGS, findChromium } from '@roomreel/tooling/chromium'
import { build } from 'vite'
import type { JoinOptions, PageApi } from '../browser-page/page.ts'

declare global {
  // The page's own global; tests only touch it inside `page.evaluate`
  var api: PageApi
}

async function bundlePage(): Promise<string> {
  const result = await build({
    root: fileURLToPath(new URL('../browser-page', import.meta.url)),
    logLevel: 'error',
    configFile: false,
    build: { write: false, minify: false, lib: { entry: 'page.ts', formats: ['iife'], name: 'page' } },
  })
  const [first] = Array.isArray(result) ? result : [result]
  if (!first || !('output' in first)) throw new Error('the test page was not built')
  return first.output[0].code
}

/** A browser with the test page; the pages are participants. */
export interface TestBrowser {
  open(): Promise<TestPage>
  /** Holds the processes of all pages, whose media stop as if the network were cut; their WebSockets stay open. */
  suspend(): Promise<void>
  resume(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface TestPage {
  readonly page: Page
  join(options: JoinOptions): Promise<{ sid: string; identity: string; mode: string }>
  events(): Promise<string[]>
  received(): ReturnType<PageApi['received']>
}

export async function startBrowser(): Promise<TestBrowser> {
  const script = await bundlePage()
  const web = createServer((request, response) => {
    if (request.url === '/page.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<!doctype html><title>test</title><body><script src="/page.js"></script>')
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  const executablePath = findChromium()
  const browser: Browser = await chromium.launch({
    args: [...CHROMIUM_ARGS, '--auto-select-desktop-capture-source=Entire screen'],
    ...(executablePath !== undefined && { executablePath }),
  })
  const signalPages = async (signal: NodeJS.Signals): Promise<void> => {
    const session = await browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    for (const { id, type } of processInfo) if (type === 'renderer') process.kill(id, signal)
    await session.detach()
  }
  return {
    suspend: () => signalPages('SIGSTOP'),
    resume: () => signalPages('SIGCONT'),
    async open() {
      const context = await browser.newContext({ permissions: ['camera', 'microphone'] })
      const page = await context.newPage()
      await page.goto(origin)
      return {
        page,
        join: (options) => page.evaluate((value) => globalThis.api.join(value), options),
        events: () => page.evaluate(() => globalThis.api.events),
        received: () => page.evaluate(() => globalThis.api.received()),
      }
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      web.closeAllConnections()
      await new Promise<void>((resolve) => {
        web.close(() => resolve())
      })
    },
  }
}
