/**
 * What does the egress worker cost on a real LiveKit, and how many recordings can it make at once?
 * Each recording is of a room of its own with one person who sends 720p at 15 frames a second, as 1280×720 at 30. The
 * worker is allowed more of them than it should be; pictures that it dropped tell how many it should be.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { type Meeting, holdMeeting } from '../meeting/meeting.ts'
import { HD_CAMERA } from '../meeting/participants.ts'
import { cpuSeconds, descendants, memory } from '../machine/processes.ts'
import { dataFolder } from '../product.ts'
import type { Figure, Question } from '../question.ts'
import { type RealProduct, startRealProduct } from '../real-product.ts'

const AT_ONCE = [1, 2, 3, 4]
const WARM_UP_MS = 4_000
const WINDOW_MS = 12_000

export const egressWorker: Question = {
  name: 'egress-worker',
  title: 'egress worker on livekit-server: 1, 2, 3 and 4 recordings at once',
  programs: ['livekit-server', 'redis-server', 'minio'],
  async measure() {
    const figures: Figure[] = []
    for (const count of AT_ONCE) figures.push(...(await record(count)))
    return figures
  },
}

async function record(count: number): Promise<Figure[]> {
  await using folder = await dataFolder()
  await using product = await startRealProduct(folder.path, Math.max(...AT_ONCE))
  const rooms = await Promise.all(Array.from({ length: count }, () => holdMeeting(product, 1, HD_CAMERA)))
  try {
    return await recordAll(product, rooms)
  } finally {
    await Promise.all(rooms.map((room) => room[Symbol.asyncDispose]()))
  }
}

async function recordAll(product: RealProduct, rooms: readonly Meeting[]): Promise<Figure[]> {
  const count = rooms.length
  for (const { client, roomName, people } of rooms) {
    await client.recordings.start.mutate({ roomName })
    await people.see('STARTED')
  }
  await delay(WARM_UP_MS)
  const worker = product.stack.egress.pid
  const startedAt = performance.now()
  const before = await cost(worker)
  await delay(WINDOW_MS)
  const after = await cost(worker)
  const seconds = (performance.now() - startedAt) / 1000
  for (const { client, roomName, people } of rooms) {
    await client.recordings.stop.mutate({ roomName })
    await people.see('STOPPED')
  }
  const { pictures, missed } = picturesOf(product)
  return [
    {
      name: `CPU per recorded second, ${count} at once`,
      unit: 's',
      values: [(after.cpuSeconds - before.cpuSeconds) / seconds / count],
    },
    { name: `RSS of all processes, ${count} at once`, unit: 'MB', values: [after.rssMB] },
    { name: `pictures missed, ${count} at once`, unit: '%', values: [(missed / (pictures + missed)) * 100] },
  ]
}

/** Of the worker and its recorders. */
async function cost(worker: number): Promise<{ cpuSeconds: number; rssMB: number }> {
  const sum = { cpuSeconds: 0, rssMB: 0 }
  for (const pid of [worker, ...(await descendants(worker))]) {
    sum.cpuSeconds += await cpuSeconds(pid)
    sum.rssMB += (await memory(pid)).rssMB
  }
  return sum
}

/** The line that a recorder logs at its end. */
const CapturedSchema = z.object({
  msg: z.literal('recording captured'),
  pictures: z.number(),
  skippedSlots: z.number(),
  droppedPictures: z.number(),
})

function picturesOf(product: RealProduct): { pictures: number; missed: number } {
  const sum = { pictures: 0, missed: 0 }
  for (const line of product.stack.egress.output().split('\n')) {
    if (!line.includes('recording captured')) continue
    const { pictures, skippedSlots, droppedPictures } = CapturedSchema.parse(JSON.parse(line))
    sum.pictures += pictures - droppedPictures
    sum.missed += skippedSlots + droppedPictures
  }
  if (sum.pictures === 0) throw new Error(`No recording was captured:\n${product.stack.egress.output()}`)
  return sum
}
