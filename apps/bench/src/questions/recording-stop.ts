/**
 * How long from stopping a recording until it is listed and plays?
 * Budget: 3 s for a minute of recording. Timed: `recordings.stop` until the first bytes of its playback URL are here.
 */
import { isPlayable } from '@roomreel/contracts'
import { setTimeout as delay } from 'node:timers/promises'
import { SMALL_CAMERA } from '../meeting/participants.ts'
import { holdMeeting, type Meeting } from '../meeting/meeting.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'
import { until } from '../until.ts'

const RUNS = 3
const RECORDED_MS = 60_000
const WARM_UP_MS = 3_000
/** How often the list is asked for. */
const POLL_MS = 50
/** Where an MP4 carries the type of its first box (ISO/IEC 14496-12, 4.2). */
const BOX_TYPE = { start: 4, end: 8 } as const

export const recordingStop: Question = {
  name: 'recording-stop',
  title: 'stop → listed and playable',
  async measure() {
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    await using meeting = await holdMeeting(product, 2, SMALL_CAMERA)
    await stopToPlayable(meeting, WARM_UP_MS)
    const values: number[] = []
    for (let run = 0; run < RUNS; run++) values.push(await stopToPlayable(meeting, RECORDED_MS))
    return [{ name: 'stop to first bytes (1 min)', unit: 's', budget: 3, values }]
  },
}

async function stopToPlayable({ client, roomName, people }: Meeting, recordedMs: number): Promise<number> {
  const { id } = await client.recordings.start.mutate({ roomName })
  await people.see('STARTED')
  // The length of the recording is what is asked for, not a wait for something to happen
  await delay(recordedMs)
  const stoppedAt = performance.now()
  await client.recordings.stop.mutate({ roomName })
  const recording = await until(
    'the recording is listed',
    async () => {
      const { items } = await client.recordings.list.query({})
      return items.find((item) => item.id === id && isPlayable(item))
    },
    { intervalMs: POLL_MS },
  )
  const { url } = await client.recordings.playback.query({ recordingName: recording.name })
  const beginning = await firstBytes(url)
  const elapsedMs = performance.now() - stoppedAt
  if (beginning.toString('latin1', BOX_TYPE.start, BOX_TYPE.end) !== 'ftyp') {
    throw new Error('The playback URL does not lead to an MP4.')
  }
  if (recording.duration < (recordedMs / 1000) * 0.9) {
    throw new Error(`Of ${recordedMs / 1000} s only ${recording.duration} s were recorded.`)
  }
  await people.see('STOPPED')
  return elapsedMs / 1000
}

/** What arrives first, as a player reads it. */
async function firstBytes(url: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { range: 'bytes=0-' } })
  if (!response.ok || response.body === null) throw new Error(`The playback URL answers ${response.status}.`)
  for await (const chunk of response.body) return Buffer.from(chunk)
  throw new Error('The playback URL gives no bytes.')
}
