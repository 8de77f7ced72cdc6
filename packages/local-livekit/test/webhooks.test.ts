import { pino } from 'pino'
import { expect, it } from 'vitest'
import { TokenAuthority } from '../src/access-token/token-authority.ts'
import { Counters } from '../src/counters.ts'
import { WebhookNotifier } from '../src/webhooks/webhook-notifier.ts'
import { eventually } from './support/eventually.ts'
import { API_KEY, API_SECRET, startLocalServer } from './support/server.ts'
import { startWebhookSink } from './support/webhook-sink.ts'

it('webhooks are given up after the last attempt, and the next one is delivered', async () => {
  await using sink = await startWebhookSink()
  sink.answers.push(500, 500)
  await using server = await startLocalServer({ webhookUrls: [sink.url], webhookRetryDelaysMs: [0, 5] })
  await server.rooms.createRoom({ name: 'lost' })
  await server.rooms.deleteRoom('lost')
  await eventually('the next event arrives', () => sink.names().length === 1)
  expect(sink.names()).toEqual(['room_finished'])
  expect(server.counters()).toMatchObject({ 'webhook-lost': 1 })
})

it.each([0, 1, 2, 3, 4, 5, 6, 8, 12, 20])(
  'an event announced %i steps after the last of its queue was dealt with is delivered',
  async (steps) => {
    await using sink = await startWebhookSink()
    sink.answers.push(500)
    const counters = new Counters()
    const announce = async (): Promise<void> => {
      for (let step = 0; step < steps; step++) await Promise.resolve()
      notifier.notify('room', { event: 'second' })
    }
    // The line that tells that the first one is lost is the last thing done with it
    const logger = pino({ level: 'warn' }, { write: () => void announce() })
    const notifier = new WebhookNotifier({
      urls: [sink.url],
      authority: new TokenAuthority(API_KEY, API_SECRET),
      retryDelaysMs: [0],
      maxAgeSeconds: 30,
      logger,
      counters,
    })
    notifier.notify('room', { event: 'first' })
    expect(await eventually('the second arrives', () => sink.names().at(-1))).toBe('second')
    await notifier.close(0)
  },
)
