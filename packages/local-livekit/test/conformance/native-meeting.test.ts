import { AudioStream, RoomEvent, TrackKind, VideoStream, dispose, type RemoteTrack } from '@livekit/rtc-node'
import { afterAll, expect, it } from 'vitest'
import { connectNative, countPictures } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer } from '../support/server.ts'

afterAll(() => dispose())

it('lets native participants publish and receive video and audio', async () => {
  await using server = await startServer()
  await using bob = await connectNative(server.url, await server.token('bob', 'native'))
  const received = { video: 0, width: 0, loudest: 0 }
  bob.room.on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
    void consume(track, received)
  })
  await using alice = await connectNative(server.url, await server.token('alice', 'native'))
  await alice.publishVideo({ width: 1280, height: 720 })
  await alice.publishAudio()
  await eventually('bob receives video', () => received.video > 10)
  await eventually('bob hears the tone', () => received.loudest > 5_000)
  await eventually('the largest layer arrives', () => received.width === 1280)
  expect(await server.rooms.listParticipants('native')).toHaveLength(2)
})

async function consume(
  track: RemoteTrack,
  received: { video: number; width: number; loudest: number },
): Promise<void> {
  if (track.kind === TrackKind.KIND_VIDEO)
    for await (const { frame } of new VideoStream(track)) {
      received.video++
      received.width = frame.width
    }
  else
    for await (const frame of new AudioStream(track, 48_000, 1))
      for (const sample of frame.data) received.loudest = Math.max(received.loudest, Math.abs(sample))
}

it('shows a native subscriber everybody who comes and goes', async () => {
  await using server = await startServer()
  await using recorder = await connectNative(
    server.url,
    await server.token('EG_recorder', 'visitors', { hidden: true }),
  )
  const pictures = countPictures(recorder.room)
  for (const identity of ['alice', 'bob', 'carol']) {
    await using visitor = await connectNative(server.url, await server.token(identity, 'visitors'))
    await visitor.publishVideo({ width: 320, height: 180 })
    await eventually(`${identity} is seen`, () => (pictures.get(identity) ?? 0) > 3)
  }
  expect([...pictures.keys()]).toEqual(['alice', 'bob', 'carol'])
})
