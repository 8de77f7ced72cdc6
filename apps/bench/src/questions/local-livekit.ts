/**
 * What share of a core does local-livekit take to forward a meeting?
 * Budget: 20 % for three 720p publishers, each seen by the two others. It runs alone in a process; so do the
 * participants, who also decode. Frames per second that really arrived are shown with it, because encoders on
 * a busy machine send less and would make it look cheaper.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { startLiveKit } from '../meeting/livekit.ts'
import { HD_CAMERA, Participants } from '../meeting/participants.ts'
import { cpuSeconds } from '../machine/processes.ts'
import type { Figure, Question } from '../question.ts'
import { until } from '../until.ts'

const PEOPLE = 3
const STREAMS = PEOPLE * (PEOPLE - 1)
const WINDOWS = 5
const WINDOW_MS = 4_000
const WARM_UP_MS = 4_000

export const localLiveKit: Question = {
  name: 'local-livekit',
  title: 'local-livekit: 3 × 720p, each seen by two',
  async measure() {
    return [...(await forward(15)), ...(await forward(30))]
  },
}

async function forward(framesPerSecond: number): Promise<Figure[]> {
  await using livekit = await startLiveKit()
  const participants = []
  for (let index = 0; index < PEOPLE; index++) {
    const token = await livekit.token('bench', `person-${index + 1}`)
    participants.push({ ...HD_CAMERA, serverUrl: livekit.url, token, framesPerSecond, subscribes: true })
  }
  await using people = await Participants.join(participants)
  await until('pictures arrive', async () => ((await people.framesDecoded()) > STREAMS ? true : undefined))
  await delay(WARM_UP_MS)

  const shares: number[] = []
  const rates: number[] = []
  for (let window = 0; window < WINDOWS; window++) {
    const startedAt = performance.now()
    const [cpuBefore, framesBefore] = [await cpuSeconds(livekit.pid), await people.framesDecoded()]
    await delay(WINDOW_MS)
    const [cpuAfter, framesAfter] = [await cpuSeconds(livekit.pid), await people.framesDecoded()]
    const seconds = (performance.now() - startedAt) / 1000
    shares.push(((cpuAfter - cpuBefore) / seconds) * 100)
    rates.push((framesAfter - framesBefore) / seconds / STREAMS)
  }
  return [
    { name: `share of a core at ${framesPerSecond} fps`, unit: '%', budget: 20, values: shares },
    { name: `frames seen at ${framesPerSecond} fps`, unit: 'fps', values: rates },
  ]
}
