import type { RecordingInfo } from '@roomreel/contracts'
import type { DeletionResult } from '../recordings/use-delete-recordings.ts'

/** Names of chosen recordings, each with why it could not be deleted when that was tried, else with nothing. */
export type Selection = ReadonlyMap<string, string | undefined>

export const NOTHING_SELECTED: Selection = new Map()

/** The selection with one recording more or less. Pure. */
export function toggleSelection(selection: Selection, name: string): Selection {
  const next = new Map(selection)
  if (!next.delete(name)) next.set(name, undefined)
  return next
}

/** The chosen recordings that are still there: what was deleted elsewhere is no longer chosen. Pure. */
export function selectedRecordings(
  selection: Selection,
  recordings: readonly RecordingInfo[],
): readonly RecordingInfo[] {
  return recordings.filter(({ name }) => name !== '' && selection.has(name))
}

/** After a deletion: what is gone is no longer chosen; what is still there stays chosen, and says why. Pure. */
export function selectionAfter(selection: Selection, { deleted, failed }: DeletionResult): Selection {
  const next = new Map(selection)
  for (const name of deleted) next.delete(name)
  for (const { recordingName, message } of failed) {
    if (next.has(recordingName)) next.set(recordingName, message)
  }
  return next
}
