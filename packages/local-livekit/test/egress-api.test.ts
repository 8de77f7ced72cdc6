import {
  EgressStatus,
  EncodedFileOutput,
  RoomCompositeEgressRequest,
  StartEgressRequest,
} from '@livekit/protocol'
import { expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { FakeRecorder } from './support/fake-recorder.ts'
import { containing, notContaining } from './support/matchers.ts'
import { startLocalServer } from './support/server.ts'
import { startWebhookSink } from './support/webhook-sink.ts'

it('starts, lists and stops an egress, and announces it in order', async () => {
  await using sink = await startWebhookSink()
  await using server = await startLocalServer({ webhookUrls: [sink.url] })
  const recorder = new FakeRecorder(server.egressIo)
  server.bindEgress(recorder)
  const room = await server.rooms.createRoom({ name: 'recorded' })

  const started = await server.egress.startRoomCompositeEgress('recorded', {
    file: new EncodedFileOutput({ filepath: 'recordings/x.mp4' }),
  })
  expect(started).toMatchObject({
    status: EgressStatus.EGRESS_STARTING,
    roomId: room.sid,
    roomName: 'recorded',
  })
  expect(started.egressId).toMatch(/^EG_\w{12}$/)
  const [call] = recorder.calls
  expect(call).toMatchObject({ egressId: started.egressId, roomId: room.sid, roomName: 'recorded' })
  expect(call?.request.value).toBeInstanceOf(RoomCompositeEgressRequest)

  await recorder.report(started.egressId, EgressStatus.EGRESS_ACTIVE)
  expect(await server.egress.listEgress({ roomName: 'recorded', active: true })).toHaveLength(1)
  expect(await server.egress.listEgress({ roomName: 'elsewhere' })).toEqual([])
  expect(await server.egress.listEgress({ egressId: started.egressId })).toHaveLength(1)

  expect(await server.egress.stopEgress(started.egressId)).toMatchObject({
    status: EgressStatus.EGRESS_ENDING,
  })
  await expect(server.egress.stopEgress(started.egressId)).rejects.toMatchObject({
    status: 412,
    code: 'failed_precondition',
    message: containing('egress with status EGRESS_ENDING cannot be stopped'),
  })
  await recorder.report(started.egressId, EgressStatus.EGRESS_COMPLETE)
  expect(await server.egress.listEgress({ active: true })).toEqual([])
  await eventually('all webhooks arrive', () => sink.names().includes('egress_ended'))
  const about = sink.events.filter((event) => event.egressInfo?.egressId === started.egressId)
  expect(about.map((event) => [event.event, event.egressInfo?.status])).toEqual([
    ['egress_started', EgressStatus.EGRESS_STARTING],
    ['egress_updated', EgressStatus.EGRESS_ACTIVE],
    ['egress_updated', EgressStatus.EGRESS_ENDING],
    ['egress_ended', EgressStatus.EGRESS_COMPLETE],
  ])
})

it('hands a v2 request on as it is', async () => {
  await using server = await startLocalServer()
  const recorder = new FakeRecorder(server.egressIo)
  server.bindEgress(recorder)
  await server.rooms.createRoom({ name: 'v2' })
  const response = await fetch(`${server.url}/twirp/livekit.Egress/StartEgress`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await server.token('app', 'v2', { roomRecord: true })}`,
    },
    body: JSON.stringify({ room_name: 'v2', template: { layout: 'grid' } }),
  })
  expect(response.status).toBe(200)
  expect(recorder.calls[0]?.request.case).toBe('egress')
  expect(recorder.calls[0]?.request.value).toBeInstanceOf(StartEgressRequest)
})

it('takes reports about an egress it never started, as after a restart of the recorder', async () => {
  await using sink = await startWebhookSink()
  await using server = await startLocalServer({ webhookUrls: [sink.url] })
  const recorder = new FakeRecorder(server.egressIo)
  await recorder.startEgress({
    egressId: 'EG_old',
    roomId: '',
    roomName: 'old',
    request: { case: undefined },
  })
  await recorder.report('EG_old', EgressStatus.EGRESS_ABORTED)
  await eventually('the end is announced', () => sink.names().includes('egress_ended'))
  expect(await server.egress.listEgress({ egressId: 'EG_old' })).toMatchObject([
    { status: EgressStatus.EGRESS_ABORTED },
  ])
})

it.each([
  { code: 'resource_exhausted', status: 429 },
  { code: 'invalid_argument', status: 400 },
  { code: 'unavailable', status: 503 },
])("passes the recorder's $code on as $status", async ({ code, status }) => {
  await using server = await startLocalServer()
  server.bindEgress({
    startEgress: () => Promise.reject(Object.assign(new Error('no room for it'), { code })),
    stopEgress: () => Promise.reject(new Error('not reached')),
  })
  await server.rooms.createRoom({ name: 'refused' })
  const start = server.egress.startRoomCompositeEgress('refused', { file: new EncodedFileOutput() })
  await expect(start).rejects.toMatchObject({
    status,
    code,
    message: containing('no room for it'),
  })
})

it('hides what an unexpected error of the recorder says', async () => {
  await using server = await startLocalServer()
  server.bindEgress({
    startEgress: () => Promise.reject(new Error('password is hunter2')),
    stopEgress: () => Promise.reject(new Error('not reached')),
  })
  await server.rooms.createRoom({ name: 'broken' })
  const start = server.egress.startRoomCompositeEgress('broken', { file: new EncodedFileOutput() })
  await expect(start).rejects.toMatchObject({ status: 500, message: notContaining('hunter2') })
})
