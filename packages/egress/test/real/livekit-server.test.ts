import { EgressStatus, EncodedFileOutput, StreamOutput, StreamProtocol } from 'livekit-server-sdk'
import { dispose } from '@livekit/rtc-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRedisEgress, type RedisEgress } from '../../src/index.ts'
import type { YuvColour } from '../../src/composite/canvas.ts'
import { decodeRecording, shareOf, type DecodedPicture } from '../support/decoded-recording.ts'
import { Publisher } from '../support/publisher.ts'
import { RedisBench } from '../support/redis-bench.ts'

const RED: YuvColour = { y: 82, u: 90, v: 240 }
const BLUE: YuvColour = { y: 41, u: 240, v: 110 }

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

test('the layout of a running recording is changed', async () => {
  await using ann = await Publisher.join(bench.livekit, 'layout', 'ann')
  await ann.publishColour(RED)
  await using ben = await Publisher.join(bench.livekit, 'layout', 'ben')
  await ben.publishColour(BLUE)
  const { egressId } = await bench.record('layout')
  await bench.recordedSeconds(egressId, 2)
  await bench.egress.updateLayout(egressId, 'single-speaker')
  await bench.recordedSeconds(egressId, 4)
  await bench.egress.stopEgress(egressId)
  await bench.reached(egressId, EgressStatus.EGRESS_COMPLETE)
  const { pictures } = await decodeRecording(await bench.download('out/layout.mp4'))
  const smallerShare = (picture: DecodedPicture | undefined): number | undefined =>
    picture && Math.min(shareOf(picture, RED), shareOf(picture, BLUE))
  expect(smallerShare(pictures.find(({ timeSeconds }) => timeSeconds >= 1.5))).toBeGreaterThan(0.2)
  expect(smallerShare(pictures.at(-1))).toBeLessThan(0.01)
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
