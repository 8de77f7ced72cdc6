import { EgressStatus, EncodedFileOutput, StreamOutput, StreamProtocol } from 'livekit-server-sdk'
import { dispose } from '@livekit/rtc-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedisEgress, type RedisEgress } from '../../src/index.ts'
import type { YuvColour } from '../../src/composite/canvas.ts'
import { Publisher } from '../support/publisher.ts'
import { RedisBench } from '../support/redis-bench.ts'

const RED: YuvColour = { y: 82, u: 90, v: 240 }

let bench: RedisBench
let egress: RedisEgress

beforeAll(async () => {
  bench = await RedisBench.start()
  egress = await startRedisEgress(bench.workerOptions('worker'))
  await egress.ready
})

afterAll(async () => {
  await egress.close()
  await bench[Symbol.asyncDispose]()
  await dispose()
})

test('livekit-server hands over a recording, and knows it to its end', async () => {
  await using ann = await Publisher.join(bench.livekit, 'story', 'ann')
  await ann.publishColour(RED)
  const { egressId } = await bench.record('story')
  const active = await bench.reached(egressId, EgressStatus.EGRESS_ACTIVE)
  expect(active).toMatchObject({ roomName: 'story', status: EgressStatus.EGRESS_ACTIVE })
  await bench.recordedSeconds(egressId, 2)
  const ending = await bench.egress.stopEgress(egressId)
  expect(ending.status).toBe(EgressStatus.EGRESS_ENDING)
  const ended = await bench.reached(egressId, EgressStatus.EGRESS_COMPLETE)
  expect(ended.fileResults).toMatchObject([{ filename: 'out/story.mp4' }])
  expect(ended.status).toBe(EgressStatus.EGRESS_COMPLETE)
  await expect(bench.egress.stopEgress(egressId)).rejects.toMatchObject({
    status: 412,
    code: 'failed_precondition',
  })
  expect(await bench.egress.listEgress({ roomName: 'story' })).toMatchObject([{ egressId }])
})

test('what it does not record is refused at once, with a sentence', async () => {
  await bench.rooms.createRoom({ name: 'refused' })
  const file = new EncodedFileOutput({ filepath: 'out/web' })
  const stream = new StreamOutput({ protocol: StreamProtocol.RTMP, urls: ['rtmp://127.0.0.1/live'] })
  await expect(bench.egress.startWebEgress('https://example.com', file)).rejects.toMatchObject({
    status: 400,
    code: 'invalid_argument',
  })
  await expect(bench.egress.startRoomCompositeEgress('refused', stream)).rejects.toMatchObject({
    status: 400,
    code: 'invalid_argument',
  })
})
