/**
 * What share of a core does local-livekit take to forward a meeting?
 * Budget: 20 % for three 720p publishers, each seen by the two others. Frames per second that really arrived are
 * shown with it, because encoders on a busy machine send less and would make it look cheaper.
 */
import { measureForwarding } from '../meeting/forwarding.ts'
import { startLiveKit } from '../meeting/livekit.ts'
import type { Figure, Question } from '../question.ts'

export const localLiveKit: Question = {
  name: 'local-livekit',
  title: 'local-livekit: 3 × 720p, each seen by two',
  async measure() {
    return [...(await forward(15)), ...(await forward(30))]
  },
}

async function forward(framesPerSecond: number): Promise<Figure[]> {
  await using livekit = await startLiveKit()
  const windows = await measureForwarding(livekit, { framesPerSecond, windows: 5, windowMs: 4_000 })
  return [
    {
      name: `share of a core at ${framesPerSecond} fps`,
      unit: '%',
      budget: 20,
      values: windows.map(({ cpuShare }) => cpuShare * 100),
    },
    {
      name: `frames seen at ${framesPerSecond} fps`,
      unit: 'fps',
      values: windows.map(({ framesSeen }) => framesSeen),
    },
  ]
}
