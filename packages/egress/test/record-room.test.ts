import { dispose, VideoRotation } from '@livekit/rtc-node'
import { EgressStatus, EncodedFileOutput, EncodingOptions, ImageOutput } from '@livekit/protocol'
import { EgressClient } from 'livekit-server-sdk'
import { afterAll, expect, test } from 'vitest'
import type { YuvColour } from '../src/composite/canvas.ts'
import type { DecodedRecording } from './support/decoded-recording.ts'
import { audioBetween, decodeRecording, isColour, shareOf, toneLevel } from './support/decoded-recording.ts'
import { Publisher } from './support/publisher.ts'
import { risenEdges } from './support/risen-edges.ts'
import { API_KEY, API_SECRET, TestBench } from './support/test-bench.ts'
import { waitFor } from './support/wait-for.ts'

const RED: YuvColour = { y: 82, u: 90, v: 240 }
const GREEN: YuvColour = { y: 145, u: 54, v: 34 }
const BLUE: YuvColour = { y: 41, u: 240, v: 110 }
/** Small, so that a busy machine keeps up. */
const SMALL = {
  case: 'advanced',
  value: new EncodingOptions({ width: 640, height: 360, framerate: 15 }),
} as const

afterAll(async () => {
  await dispose()
})

async function recordedSeconds(bench: TestBench, egressId: string, seconds: number): Promise<void> {
  const active = await bench.reports.status(egressId, EgressStatus.EGRESS_ACTIVE)
  const until = Number(active.startedAt / 1_000_000n) + seconds * 1000
  await waitFor(`${seconds} s of recording`, () => Date.now() >= until)
}

async function finish(bench: TestBench, egressId: string): Promise<DecodedRecording> {
  await bench.worker.stopEgress(egressId)
  const ended = await bench.reports.ended(egressId)
  const [file] = ended.fileResults
  if (!file || file.location === '') throw new Error(`No file: ${ended.toJsonString()}`)
  return decodeRecording(await bench.download(file.filename))
}

test('both pictures and both tones of a room are in the file, and EgressInfo tells its story', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'studio', 'ann', 'Ann')
  await using bob = await Publisher.join(bench.livekit, 'studio', 'bob', 'Bob')
  await ann.publishColour(RED)
  await bob.publishColour(GREEN)
  await ann.publishTone(440)
  await bob.publishTone(1320)

  const info = await bench.record('studio', { options: SMALL })
  expect(EgressStatus[info.status]).toBe('EGRESS_STARTING')
  expect(bench.reports.created).toHaveLength(1)
  await recordedSeconds(bench, info.egressId, 4)
  const stopping = await bench.worker.stopEgress(info.egressId)
  expect(EgressStatus[stopping.status]).toBe('EGRESS_ENDING')
  const ended = await bench.reports.ended(info.egressId)

  expect(bench.reports.statuses(info.egressId)).toEqual(['EGRESS_ACTIVE', 'EGRESS_ENDING', 'EGRESS_COMPLETE'])
  const [file] = ended.fileResults
  expect(ended).toMatchObject({
    details: 'End reason: StopEgress API',
    error: '',
    errorCode: 0,
    roomName: 'studio',
  })
  expect(file?.filename).toBe('out/studio.mp4')
  expect(file?.location).toBe(`${bench.storage.endpoint}/recordings/out/studio.mp4`)
  expect(ended.result).toMatchObject({ case: 'file', value: { filename: 'out/studio.mp4' } })
  expect(ended.startedAt).toBe(file?.startedAt)
  expect(ended.endedAt).toBeGreaterThanOrEqual(file?.endedAt ?? 0n)
  const bytes = await bench.download('out/studio.mp4')
  expect(file?.size).toBe(BigInt(bytes.byteLength))
  expect(await bench.objects()).toEqual(['out/studio.mp4'])
  // Fast start: the index comes before the media
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))

  const recording = await decodeRecording(bytes)
  expect(recording).toMatchObject({ width: 640, height: 360 })
  expect(Math.abs(recording.durationSeconds - Number(file?.duration ?? 0n) / 1e9)).toBeLessThan(0.1)
  const last = recording.pictures.at(-1)
  expect(last && shareOf(last, RED)).toBeGreaterThan(0.2)
  expect(last && shareOf(last, GREEN)).toBeGreaterThan(0.2)
  const end = recording.durationSeconds - 0.3
  const sound = audioBetween(recording, end - 1, end)
  expect(toneLevel(sound, recording.audioRateHz, 440)).toBeGreaterThan(0.05)
  expect(toneLevel(sound, recording.audioRateHz, 1320)).toBeGreaterThan(0.05)
  expect(toneLevel(sound, recording.audioRateHz, 900)).toBeLessThan(0.01)
})

test('a flash and a beep that someone sends at the same moment stay together in the file', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'sync', 'ann')
  const video = await ann.publishColour(BLUE)
  const tone = await ann.publishTone(1000)
  tone.setLoud(false)
  const info = await bench.record('sync', { options: SMALL })
  for (const second of [2, 3, 4, 5]) {
    await recordedSeconds(bench, info.egressId, second)
    video.show(GREEN)
    tone.setLoud(true)
    await recordedSeconds(bench, info.egressId, second + 0.5)
    video.show(BLUE)
    tone.setLoud(false)
  }
  await recordedSeconds(bench, info.egressId, 6)
  const recording = await finish(bench, info.egressId)

  const flashes = risenEdges(
    recording.pictures.map((picture) => ({
      time: picture.timeSeconds,
      on: isColour(picture.at(320, 100), GREEN, 50),
    })),
  )
  const step = 0.01
  const beeps = risenEdges(
    Array.from({ length: Math.floor(recording.durationSeconds / step) - 1 }, (_, index) => ({
      time: index * step,
      on:
        toneLevel(audioBetween(recording, index * step, (index + 1) * step), recording.audioRateHz, 1000) >
        0.03,
    })),
  )
  const offsets = flashes.flatMap((flash) => {
    const [nearest] = beeps.map((beep) => Math.abs(flash - beep) * 1000).toSorted((a, b) => a - b)
    return nearest !== undefined && nearest < 500 ? [nearest] : []
  })
  expect(offsets.length).toBeGreaterThanOrEqual(2)
  // Sender, server and decoders of a busy machine add delays of their own, to pictures more than to sound:
  // what the recorder does by itself is measured in av-sync.test.ts
  expect(Math.min(...offsets)).toBeLessThan(250)
})

test('people come and go, turn cameras and sharing on and off, change size and rotation: the recording goes on', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'busy', 'ann', 'Ann')
  const camera = await ann.publishColour(RED)
  const info = await bench.record('busy', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 2)
  const marks: Record<string, number> = {}
  const mark = (name: string) => (marks[name] = (Date.now() - startedAtMs) / 1000)
  const { startedAt } = await bench.reports.status(info.egressId, EgressStatus.EGRESS_ACTIVE)
  const startedAtMs = Number(startedAt / 1_000_000n)
  const bob = await Publisher.join(bench.livekit, 'busy', 'bob', 'Bob')
  await bob.publishTone(700)
  const screen = await bob.publishColour(GREEN, { screen: true, width: 640, height: 360 })
  await recordedSeconds(bench, info.egressId, 5)
  mark('sharing')
  await screen[Symbol.asyncDispose]()
  camera.resize(180, 320)
  await recordedSeconds(bench, info.egressId, 7)
  mark('portrait')
  camera.resize(320, 180, VideoRotation.VIDEO_ROTATION_90)
  await bob[Symbol.asyncDispose]()
  await recordedSeconds(bench, info.egressId, 9)
  mark('turned')
  await camera[Symbol.asyncDispose]()
  await recordedSeconds(bench, info.egressId, 11)
  mark('cameraOff')
  const recording = await finish(bench, info.egressId)

  const pictureAt = (name: string) => {
    const time = (marks[name] ?? 0) - 0.2
    const picture = recording.pictures.findLast(({ timeSeconds }) => timeSeconds <= time)
    if (!picture) throw new Error(`No picture at ${time}.`)
    return picture
  }
  // The screen takes the stage, Ann is small beside it
  expect(shareOf(pictureAt('sharing'), GREEN)).toBeGreaterThan(0.5)
  expect(shareOf(pictureAt('sharing'), RED)).toBeGreaterThan(0.01)
  expect(shareOf(pictureAt('portrait'), GREEN)).toBe(0)
  expect(shareOf(pictureAt('portrait'), RED)).toBeGreaterThan(0.15)
  // Upright 9:16 in the middle, alone: a third of the picture
  expect(shareOf(pictureAt('turned'), RED)).toBeGreaterThan(0.2)
  expect(shareOf(pictureAt('turned'), RED)).toBeLessThan(0.4)
  expect(shareOf(pictureAt('cameraOff'), RED)).toBe(0)
  // No hole in the time line
  expect(recording.durationSeconds).toBeGreaterThan(10)
})

test('a room in which nobody publishes is recorded, and its end ends the recording', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'quiet', 'ann', 'Ann')
  const info = await bench.record('quiet', { options: SMALL, layout: 'speaker-light' })
  await recordedSeconds(bench, info.egressId, 2)
  expect(ann.room.isConnected).toBe(true)
  await bench.rooms.deleteRoom('quiet')
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_COMPLETE')
  expect(ended.details).toBe('End reason: Source closed')
  const recording = await decodeRecording(await bench.download('out/quiet.mp4'))
  expect(recording.durationSeconds).toBeGreaterThan(1)
})

test('audio only, images, a manifest and a limit', async () => {
  await using bench = await TestBench.start({ worker: { maxDurationSeconds: 3 } })
  await using ann = await Publisher.join(bench.livekit, 'limits', 'ann')
  await ann.publishColour(RED)
  await ann.publishTone(440)
  const sound = await bench.record('limits', { audioOnly: true }, 'EG_sound')
  const imageOutputs = [
    new ImageOutput({ captureInterval: 1, filenamePrefix: 'shots/{room_name}', width: 160, height: 90 }),
  ]
  const fileOutputs = [new EncodedFileOutput({ filepath: 'film/' })]
  const film = await bench.record(
    'limits',
    { options: SMALL, videoOnly: true, imageOutputs, fileOutputs },
    'EG_film',
  )

  const soundEnded = await bench.reports.ended(sound.egressId)
  expect(EgressStatus[soundEnded.status]).toBe('EGRESS_LIMIT_REACHED')
  expect(soundEnded).toMatchObject({ error: 'Session limit reached', errorCode: 413 })
  const heard = await decodeRecording(await bench.download(soundEnded.fileResults[0]?.filename ?? ''))
  expect(heard.pictures).toHaveLength(0)
  expect(toneLevel(audioBetween(heard, 1, 2), heard.audioRateHz, 440)).toBeGreaterThan(0.05)

  const filmEnded = await bench.reports.ended(film.egressId)
  const [filmFile] = filmEnded.fileResults
  expect(filmFile?.filename).toMatch(/^film\/limits-\d{4}-\d\d-\d\dT\d{6}\.mp4$/)
  const seen = await decodeRecording(await bench.download(filmFile?.filename ?? ''))
  expect(seen.audio).toHaveLength(0)
  expect(seen.pictures.length).toBeGreaterThan(10)
  const count = Number(filmEnded.imageResults[0]?.imageCount ?? 0n)
  expect(count).toBeGreaterThanOrEqual(2)
  const shots = (await bench.objects()).filter((key) => key.startsWith('shots/'))
  expect(shots).toHaveLength(count)
  expect(shots[0]).toBe('shots/limits_00000.jpeg')
  const jpeg = await bench.download('shots/limits_00000.jpeg')
  expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff')
  expect(filmEnded.manifestLocation).toMatch(/\/film\/EG_film\.json$/)
  const manifest: unknown = JSON.parse((await bench.download('film/EG_film.json')).toString())
  expect(manifest).toMatchObject({
    egress_id: 'EG_film',
    room_name: 'limits',
    files: [{ filename: filmFile?.filename }],
  })
})

test("LiveKit's own API starts, changes and stops a recording, and lists how it went", async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'api', 'ann')
  await using bob = await Publisher.join(bench.livekit, 'api', 'bob')
  await ann.publishColour(RED)
  await bob.publishColour(GREEN)
  const client = new EgressClient(bench.livekit.url, API_KEY, API_SECRET)
  const output = new EncodedFileOutput({ filepath: 'api/{room_name}' })
  const { egressId } = await client.startRoomCompositeEgress('api', output, { encodingOptions: SMALL.value })
  await recordedSeconds(bench, egressId, 2)
  await client.updateLayout(egressId, 'single-speaker')
  await recordedSeconds(bench, egressId, 4)
  expect(EgressStatus[(await client.stopEgress(egressId)).status]).toBe('EGRESS_ENDING')
  await bench.reports.ended(egressId)
  const [listed] = await client.listEgress({ roomName: 'api' })
  expect(listed && EgressStatus[listed.status]).toBe('EGRESS_COMPLETE')
  expect(listed?.request).toMatchObject({ case: 'roomComposite', value: { layout: 'single-speaker' } })
  await expect(client.stopEgress(egressId)).rejects.toMatchObject({ code: 'failed_precondition' })

  const { pictures } = await decodeRecording(await bench.download('api/api.mp4'))
  const middle = pictures.findLast(({ timeSeconds }) => timeSeconds < 1.9)
  const last = pictures.at(-1)
  expect(middle && shareOf(middle, GREEN)).toBeGreaterThan(0.2)
  // Nobody spoke: one camera has the whole picture
  expect(last && Math.max(shareOf(last, RED), shareOf(last, GREEN))).toBeGreaterThan(0.8)
})
