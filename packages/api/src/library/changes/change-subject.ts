import { partsOfName } from '../../reconcile/parts-of-name.ts'
import type { ChangeSubject } from './change.ts'
import type { RecordingRows } from '../rows/recording-rows.ts'
import type { RowAddress } from '../rows/row-address.ts'

/** Which recording a change of this object is about: what is known of it, else what its name tells. Pure. */
export function subjectOf(
  rows: Pick<RecordingRows, 'recordingOf' | 'get'>,
  address: RowAddress,
): ChangeSubject | undefined {
  const isClaim = address.kind === 'claim'
  const recording = rows.recordingOf(address) ?? (isClaim ? undefined : rows.get(address.name))
  if (recording) {
    const { id, name, roomName, roomId } = recording
    return { id, name, roomName, roomId }
  }
  if (isClaim) return undefined
  const { roomName, roomId } = partsOfName(address.name)
  return { id: '', name: address.name, roomName, roomId }
}
