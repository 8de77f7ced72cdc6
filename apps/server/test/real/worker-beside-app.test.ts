import { dispose } from '@livekit/rtc-node'
import { type RealStack, startRealStack } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { egressMain, type RunningProduct, runProduct } from '../running-product.ts'
import { RecordedMeeting } from './recorded-meeting.ts'

let stack: RealStack
let product: RunningProduct

beforeAll(async () => {
  const port = await freePort()
  stack = await startRealStack({ webhookUrl: `http://127.0.0.1:${port}/livekit/webhook`, egressMain })
  // Nobody but the app is to record
  await stack.egress.stop()
  product = await runProduct({
    ...stack.environment,
    SERVER_PORT: String(port),
    LOCAL_STACK: 'auto',
    REDIS_URL: stack.redis.url,
  })
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await stack[Symbol.asyncDispose]()
  await dispose()
})

it('npm start with REDIS_URL is the Egress of a LiveKit that answers, too', async () => {
  await using meeting = await RecordedMeeting.open(product, 'Beside the app')
  const id = await meeting.record()
  await meeting.stop()
  const recording = await meeting.ended(id)
  expect(recording).toMatchObject({ status: 'COMPLETE' })
  expect((await meeting.watch(recording)).length).toBe(recording.size)
  expect(await (await fetch(`${product.url}/readyz`)).json()).toMatchObject({ livekit: 'ok' })

  await stack.redis.stop()
  await expect
    .poll(async () => (await fetch(`${product.url}/readyz`)).json(), { timeout: 30_000 })
    .toMatchObject({ egress: 'Redis can not be reached.' })
})
