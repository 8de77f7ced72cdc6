import { expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { startLocalServer } from './support/server.ts'
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
