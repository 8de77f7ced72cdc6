import type { RecordingInfo } from '@roomreel/contracts'

/** Names of chosen recordings. */
export type Selection = ReadonlySet<string>

/** The selection with one recording more or less. Pure. */
export function toggleSelection(selection: Selection, name: string): Selection {
  const next = new Set(selection)
  if (!next.delete(name)) next.add(name)
  return next
}

/** The chosen recordings that are still there: what was deleted elsewhere is no longer chosen. Pure. */
export function selectedRecordings(
  selection: Selection,
  recordings: readonly RecordingInfo[],
): readonly RecordingInfo[] {
  return recordings.filter(({ name }) => name !== '' && selection.has(name))
}
