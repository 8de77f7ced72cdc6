import { dispose } from '@livekit/rtc-node'
import type { RecordingInfo } from '@roomreel/contracts'
import type { RealStack } from '@roomreel/real-stack'
import { EgressStatus } from 'livekit-server-sdk'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../faults/eventually.ts'
import { type RunningProduct, runProduct } from '../running-product.ts'
import { RecordedMeeting } from './recorded-meeting.ts'
import { openWebhookValve, type WebhookValve } from './webhook-valve.ts'

let product: RunningProduct
let stack: RealStack
let webhooks: WebhookValve

beforeAll(async () => {
  webhooks = await openWebhookValve(() => `${product.url}/livekit/webhook`)
  product = await runProduct({}, undefined, webhooks.url)
  if (!product.stack) throw new Error('These faults are those of the real world.')
  stack = product.stack
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await webhooks[Symbol.asyncDispose]()
  await dispose()
})

const COMPLETE = { status: 'COMPLETE' }
/** LiveKit throws webhooks away that have waited for half of it. */
const OUTAGE_MS = 60_000

/** Whether all bytes of a recording are there, and are those of an MP4. */
async function isPlayable(meeting: RecordedMeeting, recording: RecordingInfo): Promise<boolean> {
  const file = await meeting.watch(recording)
  return file.length === recording.size && file.toString('latin1', 4, 8) === 'ftyp'
}

it('livekit-server restarts in the middle of a recording', async () => {
  await using meeting = await RecordedMeeting.open(product, 'LiveKit restarts')
  const id = await meeting.record()
  await stack.restartLiveKit()
  await meeting.stop()
  const recording = await meeting.ended(id)
  expect(recording).toMatchObject(COMPLETE)
  expect(await isPlayable(meeting, recording)).toBe(true)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
})

it('Redis restarts in the middle of a recording, and has forgotten everything', async () => {
  await using meeting = await RecordedMeeting.open(product, 'Redis restarts')
  const id = await meeting.record()
  await stack.restartRedis()
  // Nobody can stop what LiveKit does not know any more, but the end of the room does
  await meeting.leave()
  const recording = await meeting.ended(id)
  expect(recording).toMatchObject(COMPLETE)
  expect(await isPlayable(meeting, recording)).toBe(true)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
})

it('Redis restarts, and who stays in the meeting stops the recording and starts another', async () => {
  await using meeting = await RecordedMeeting.open(product, 'Redis restarts and people stay')
  const id = await meeting.record()
  await stack.restartRedis()
  await meeting.stop()
  expect(await meeting.ended(id)).toMatchObject(COMPLETE)
  const next = await eventually('it can be recorded again', () => meeting.record().catch(() => undefined))
  await meeting.stop()
  expect(await meeting.ended(next)).toMatchObject(COMPLETE)
})

it('S3 is away for a minute at the end of a recording', async () => {
  await using meeting = await RecordedMeeting.open(product, 'S3 is away')
  const id = await meeting.record()
  await stack.minio.stop()
  await meeting.egresses.stopEgress(id)
  // The file waits at the worker, which goes on saying so
  const since = await meeting.egress(id)
  await eventually('the worker has waited for a minute', async () => {
    const { status, updatedAt } = await meeting.egress(id)
    expect(status).toBe(EgressStatus.EGRESS_ENDING)
    return Number((updatedAt - since.updatedAt) / 1_000_000n) >= OUTAGE_MS
  })
  await stack.startMinioAgain()
  const recording = await meeting.ended(id)
  expect(recording).toMatchObject(COMPLETE)
  expect(await isPlayable(meeting, recording)).toBe(true)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
})

it('no webhook arrives for a minute: the end is found out all the same', async () => {
  await using meeting = await RecordedMeeting.open(product, 'Webhooks are blocked')
  const id = await meeting.record()
  webhooks.isOpen = false
  const shutAt = performance.now()
  await meeting.egresses.stopEgress(id)
  const recording = await meeting.ended(id)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
  await eventually('the minute is over', async () => performance.now() - shutAt >= OUTAGE_MS)
  webhooks.isOpen = true
  expect(recording).toMatchObject(COMPLETE)
  expect(await isPlayable(meeting, recording)).toBe(true)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
})

it('the egress worker is killed, and comes back', async () => {
  await using meeting = await RecordedMeeting.open(product, 'Worker is killed')
  const id = await meeting.record()
  await stack.egress.stop('SIGKILL')
  await stack.startEgressAgain()
  const recording = await meeting.ended(id)
  expect(recording.size).toBeGreaterThan(0)
  expect(await isPlayable(meeting, recording)).toBe(true)
  expect(await meeting.recordAgain()).toMatchObject(COMPLETE)
})
