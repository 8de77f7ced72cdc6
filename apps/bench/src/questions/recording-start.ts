/**
 * How long from `recordings.start` until everyone in the room knows that it records?
 * Budget: 2 s. Timed: the call until the room's metadata says STARTED at both participants.
 */
import { SMALL_CAMERA } from '../meeting/participants.ts'
import { holdMeeting } from '../meeting/meeting.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'

const RUNS = 5

export const recordingStart: Question = {
  name: 'recording-start',
  title: 'recordings.start → everyone sees STARTED',
  async measure() {
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    await using meeting = await holdMeeting(product, 2, SMALL_CAMERA)
    const { roomName, people, client } = meeting
    const once = async (): Promise<number> => {
      const startedAt = performance.now()
      await client.recordings.start.mutate({ roomName })
      await people.see('STARTED')
      const elapsedMs = performance.now() - startedAt
      await client.recordings.stop.mutate({ roomName })
      await people.see('STOPPED')
      return elapsedMs / 1000
    }
    await once()
    const values: number[] = []
    for (let run = 0; run < RUNS; run++) values.push(await once())
    return [{ name: 'call to STARTED for all', unit: 's', budget: 2, values }]
  },
}
