import {
  AudioFrame,
  AudioSource,
  AudioStream,
  LocalAudioTrack,
  LocalVideoTrack,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  VideoStream,
  dispose,
  type RemoteTrack,
  type Room,
} from '@livekit/rtc-node'
import { afterAll, expect, it } from 'vitest'
import { connectNative } from '../support/rtc-node.ts'
import { eventually } from '../support/eventually.ts'
import { startServer } from '../support/server.ts'

const WIDTH = 320
const HEIGHT = 180
const SAMPLE_RATE = 48_000
const SAMPLES = 480
const FRAME_MS = 40
/** Light and tone are on for this long, then off for as long. */
const PHASE_MS = 600
const FLASHES = 12
/** Seen is 20 to 80 ms; encoder and decoder of both sides run on a machine that may be busy. */
const MAX_SKEW_MS = 250

afterAll(() => dispose())

/** Light and sound are switched on at the same moments. */
async function publishFlashes(room: Room): Promise<() => Promise<void>> {
  const participant = room.localParticipant
  if (!participant) throw new Error('not connected')
  const start = performance.now()
  const isOn = (): boolean => Math.floor((performance.now() - start) / PHASE_MS) % 2 === 1
  const video = new VideoSource(WIDTH, HEIGHT)
  await participant.publishTrack(
    LocalVideoTrack.createVideoTrack('flash', video),
    new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast: false }),
  )
  const audio = new AudioSource(SAMPLE_RATE, 1, 20)
  await participant.publishTrack(
    LocalAudioTrack.createAudioTrack('beep', audio),
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  )
  const timer = setInterval(() => {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2)
      .fill(isOn() ? 235 : 16, 0, WIDTH * HEIGHT)
      .fill(128, WIDTH * HEIGHT)
    video.captureFrame(new VideoFrame(data, WIDTH, HEIGHT, VideoBufferType.I420))
  }, FRAME_MS)
  const stopping = new AbortController()
  const playing = (async (): Promise<void> => {
    for (let count = 0; !stopping.signal.aborted;) {
      const amplitude = isOn() ? 12_000 : 0
      const data = Int16Array.from(
        { length: SAMPLES },
        () => amplitude * Math.sin((2 * Math.PI * 440 * count++) / SAMPLE_RATE),
      )
      await audio.captureFrame(new AudioFrame(data, SAMPLE_RATE, 1, SAMPLES))
    }
  })()
  return async () => {
    clearInterval(timer)
    stopping.abort()
    await playing
  }
}

/** When light and tone came on at the receiver. */
async function watch(track: RemoteTrack, lights: number[], tones: number[]): Promise<void> {
  let wasOn = true
  const note = (isOn: boolean, times: number[]): void => {
    if (isOn && !wasOn) times.push(performance.now())
    wasOn = isOn
  }
  if (track.kind === TrackKind.KIND_VIDEO)
    for await (const { frame } of new VideoStream(track))
      note((frame.data[WIDTH * (HEIGHT / 2)] ?? 0) > 128, lights)
  else
    for await (const frame of new AudioStream(track, SAMPLE_RATE, 1))
      note(
        frame.data.some((sample) => Math.abs(sample) > 4_000),
        tones,
      )
}

it('picture and sound reach a native subscriber in step', async () => {
  await using server = await startServer()
  await using bob = await connectNative(server.url, await server.token('bob', 'sync'))
  const lights: number[] = []
  const tones: number[] = []
  bob.room.on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => void watch(track, lights, tones))
  await using alice = await connectNative(server.url, await server.token('alice', 'sync'))
  const stop = await publishFlashes(alice.room)
  await eventually('enough flashes', () => lights.length >= FLASHES && tones.length >= FLASHES)
  await stop()
  const skews = lights.map((light) =>
    tones.map((tone) => tone - light).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a)),
  )
  const median = skews.toSorted((a, b) => a - b)[Math.floor(skews.length / 2)] ?? Number.NaN
  expect(Math.abs(median)).toBeLessThan(MAX_SKEW_MS)
})
