import { expect, it } from 'vitest'
import { settingsOf } from './local-livekit-options.ts'

it('webhooks are tried 0, 1, 3, 7 and 15 s after the first attempt, as livekit-server does', () => {
  const { webhookRetryDelaysMs } = settingsOf({ apiKey: 'devkey', apiSecret: 'secret' })
  let sinceFirstMs = 0
  expect(webhookRetryDelaysMs.map((delayMs) => (sinceFirstMs += delayMs))).toEqual([
    0, 1_000, 3_000, 7_000, 15_000,
  ])
})
