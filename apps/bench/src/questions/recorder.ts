/**
 * What does the recorder cost?
 * Budget: 0.6 s of CPU for each recorded second and 400 MB at its peak, for a recording of 1280×720 at 30 frames a
 * second with four people who send 720p with simulcast, as browsers do. Beside it, without a budget, the same people
 * without simulcast: the most the recorder can be given to decode. They send 15 frames a second: more than four
 * encoders of 30 beside the recorder two cores do not manage.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { HD_CAMERA } from '../meeting/participants.ts'
import { holdMeeting } from '../meeting/meeting.ts'
import { commandLine, cpuSeconds, descendants, memory } from '../machine/processes.ts'
import type { Participant } from '../meeting/publisher-messages.ts'
import { dataFolder, type Product, startProduct } from '../product.ts'
import type { Question } from '../question.ts'
import { until } from '../until.ts'

const PEOPLE = 4
const WINDOWS = 5
const WINDOW_MS = 5_000
const WARM_UP_MS = 5_000

export const recorder: Question = {
  name: 'recorder',
  title: 'recorder: 4 × 720p → 720p30',
  async measure() {
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    const usual = await record(product, { ...HD_CAMERA, simulcast: true })
    const worst = await record(product, HD_CAMERA)
    return [
      { name: 'CPU per recorded second', unit: 's', budget: 0.6, values: usual.cpuShares },
      { name: 'peak RSS', unit: 'MB', budget: 400, values: [usual.peakRssMB] },
      { name: 'CPU without simulcast', unit: 's', values: worst.cpuShares },
      { name: 'peak RSS without simulcast', unit: 'MB', values: [worst.peakRssMB] },
    ]
  },
}

async function record(
  product: Product,
  camera: Omit<Participant, 'serverUrl' | 'token'>,
): Promise<{ cpuShares: number[]; peakRssMB: number }> {
  await using meeting = await holdMeeting(product, PEOPLE, camera)
  const { client, roomName, people } = meeting
  const { id } = await client.recordings.start.mutate({ roomName })
  await people.see('STARTED')
  const pid = await until('the recorder runs', () => findRecorder(product.pid))
  await delay(WARM_UP_MS)

  const cpuShares: number[] = []
  for (let window = 0; window < WINDOWS; window++) {
    const startedAt = performance.now()
    const before = await cpuSeconds(pid)
    await delay(WINDOW_MS)
    const used = (await cpuSeconds(pid)) - before
    cpuShares.push(used / ((performance.now() - startedAt) / 1000))
  }
  const { peakRssMB } = await memory(pid)
  await client.recordings.stop.mutate({ roomName })
  await people.see('STOPPED')
  const saved = (await client.recordings.list.query({})).items.find((item) => item.id === id)
  const expectedSeconds = (WINDOWS * WINDOW_MS) / 1000
  if (saved === undefined || saved.duration < expectedSeconds) {
    throw new Error(`Of ${expectedSeconds} s only ${saved?.duration ?? 0} s were recorded.`)
  }
  return { cpuShares, peakRssMB }
}

async function findRecorder(server: number): Promise<number | undefined> {
  for (const pid of await descendants(server)) {
    try {
      if ((await commandLine(pid)).some((argument) => argument.endsWith('recorder-process.js'))) return pid
    } catch {
      // It ended between the listing and the reading
      continue
    }
  }
  return undefined
}
