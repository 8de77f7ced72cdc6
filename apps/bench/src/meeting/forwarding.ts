import { setTimeout as delay } from 'node:timers/promises'
import { cpuSeconds } from '../machine/processes.ts'
import { until } from '../until.ts'
import type { LiveKit } from './livekit.ts'
import { HD_CAMERA, Participants } from './participants.ts'

const PEOPLE = 3
const STREAMS = PEOPLE * (PEOPLE - 1)
const WARM_UP_MS = 4_000

export interface ForwardingWindow {
  /** Of one core, 0 … */
  readonly cpuShare: number
  /** Frames per second that each subscriber decodes of each publisher. */
  readonly framesSeen: number
}

export interface ForwardingOptions {
  readonly framesPerSecond: number
  readonly windows: number
  readonly windowMs: number
}

/**
 * What a LiveKit takes to forward the 720p of three people to the two others each. It runs alone in a process; so do
 * the participants, who also decode.
 */
export async function measureForwarding(
  livekit: LiveKit,
  { framesPerSecond, windows, windowMs }: ForwardingOptions,
): Promise<ForwardingWindow[]> {
  const participants = []
  for (let index = 0; index < PEOPLE; index++) {
    const token = await livekit.token('bench', `person-${index + 1}`)
    participants.push({ ...HD_CAMERA, serverUrl: livekit.url, token, framesPerSecond, subscribes: true })
  }
  await using people = await Participants.join(participants)
  await until('pictures arrive', async () => ((await people.framesDecoded()) > STREAMS ? true : undefined))
  await delay(WARM_UP_MS)

  const measured: ForwardingWindow[] = []
  for (let window = 0; window < windows; window++) {
    const startedAt = performance.now()
    const [cpuBefore, framesBefore] = [await cpuSeconds(livekit.pid), await people.framesDecoded()]
    await delay(windowMs)
    const [cpuAfter, framesAfter] = [await cpuSeconds(livekit.pid), await people.framesDecoded()]
    const seconds = (performance.now() - startedAt) / 1000
    measured.push({
      cpuShare: (cpuAfter - cpuBefore) / seconds,
      framesSeen: (framesAfter - framesBefore) / seconds / STREAMS,
    })
  }
  return measured
}
