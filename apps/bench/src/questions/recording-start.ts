/**
 * How long from `recordings.start` until everyone in the room knows that it records?
 * Budget: 2 s. Timed: the call until the room's metadata says STARTED at both participants.
 */
import { timeRecordingStarts } from '../meeting/time-recording-starts.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Question } from '../question.ts'

export const recordingStart: Question = {
  name: 'recording-start',
  title: 'recordings.start → everyone sees STARTED',
  async measure() {
    await using folder = await dataFolder()
    await using product = await startProduct(folder.path)
    const values = await timeRecordingStarts(product, 5)
    return [{ name: 'call to STARTED for all', unit: 's', budget: 2, values }]
  },
}
