import type { Product } from '../product.ts'
import { holdMeeting } from './meeting.ts'
import { SMALL_CAMERA } from './participants.ts'

/**
 * Starts and stops recordings of a meeting of two.
 * @returns for each but the first the seconds from the call until the room's metadata says STARTED at both
 */
export async function timeRecordingStarts(product: Product, runs: number): Promise<number[]> {
  await using meeting = await holdMeeting(product, 2, SMALL_CAMERA)
  const { roomName, people, client } = meeting
  const values: number[] = []
  for (let run = 0; run <= runs; run++) {
    const startedAt = performance.now()
    await client.recordings.start.mutate({ roomName })
    await people.see('STARTED')
    values.push((performance.now() - startedAt) / 1000)
    await client.recordings.stop.mutate({ roomName })
    await people.see('STOPPED')
  }
  return values.slice(1)
}
