/**
 * How long from `recordings.start` until everyone knows that it records, on livekit-server with the egress worker?
 * Budget: 2 s, as with the embedded stack, which is measured in the same run.
 */
import { timeRecordingStarts } from '../meeting/time-recording-starts.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'
import { startRealProduct } from '../real-product.ts'

const RUNS = 5

export const realRecordingStart: Question = {
  name: 'real-recording-start',
  title: 'recordings.start → STARTED on livekit-server, Redis and MinIO',
  programs: ['livekit-server', 'redis-server', 'minio'],
  async measure() {
    const embedded = await timeEmbedded()
    const real = await timeReal()
    return [
      { name: 'real stack', unit: 's', budget: 2, values: real },
      { name: 'embedded stack', unit: 's', values: embedded },
    ]
  },
}

async function timeEmbedded(): Promise<number[]> {
  await using folder = await dataFolder()
  await using product = await startProduct(folder.path)
  return await timeRecordingStarts(product, RUNS)
}

async function timeReal(): Promise<number[]> {
  await using folder = await dataFolder()
  await using product = await startRealProduct(folder.path)
  return await timeRecordingStarts(product, RUNS)
}
