/**
 * How much more than the real livekit-server does local-livekit take for the same meeting?
 * Budget: twice its CPU for three 720p publishers, each seen by the two others; both in turn, three times.
 */
import { measureForwarding } from '../meeting/forwarding.ts'
import { type LiveKit, startLiveKit } from '../meeting/livekit.ts'
import { startRealLiveKit } from '../meeting/real-livekit.ts'
import type { Question } from '../question.ts'

const ROUNDS = 3

export const realLiveKit: Question = {
  name: 'real-livekit',
  title: 'local-livekit over livekit-server: 3 × 720p, each seen by two',
  programs: ['livekit-server'],
  async measure() {
    const local: Round[] = []
    const real: Round[] = []
    for (let round = 0; round < ROUNDS; round++) {
      local.push(await measure(await startLiveKit()))
      real.push(await measure(await startRealLiveKit()))
    }
    const ratios = local.map(({ cpuShare }, round) => cpuShare / (real[round]?.cpuShare ?? Number.NaN))
    return [
      { name: 'CPU, local over real', unit: '×', budget: 2, values: ratios },
      { name: 'local share of a core', unit: '%', values: local.map(({ cpuShare }) => cpuShare * 100) },
      { name: 'real share of a core', unit: '%', values: real.map(({ cpuShare }) => cpuShare * 100) },
      { name: 'local frames seen', unit: 'fps', values: local.map(({ framesSeen }) => framesSeen) },
      { name: 'real frames seen', unit: 'fps', values: real.map(({ framesSeen }) => framesSeen) },
    ]
  },
}

interface Round {
  readonly cpuShare: number
  readonly framesSeen: number
}

async function measure(started: LiveKit): Promise<Round> {
  await using livekit = started
  const [window] = await measureForwarding(livekit, { framesPerSecond: 15, windows: 1, windowMs: 12_000 })
  if (!window) throw new Error('Nothing was measured.')
  return window
}
