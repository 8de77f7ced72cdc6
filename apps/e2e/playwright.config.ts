import { CHROMIUM_ARGS, findChromium } from '@roomreel/tooling/chromium'
import { defineConfig } from '@playwright/test'

const executablePath = findChromium()

export default defineConfig({
  testDir: 'tests',
  // Meetings with real media on two cores: one at a time, and patience instead of sleeps
  workers: 1,
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: { args: [...CHROMIUM_ARGS], ...(executablePath && { executablePath }) },
    permissions: ['camera', 'microphone'],
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
