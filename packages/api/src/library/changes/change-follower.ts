import { isActiveStatus, type RecordingEvent, type RecordingInfo } from '@roomreel/contracts'
import type { RecordingKeys } from '../../storage/recording-keys.ts'
import type { Change, ChangeSubject } from './change.ts'
import { CHANGES_KEPT_MS, type ChangeLog, CLOCK_SLACK_MS } from './change-log.ts'
import type { LibraryReader } from '../reading/library-reader.ts'
import type { RecordingRows } from '../rows/recording-rows.ts'
import { addressOf, type RowAddress } from '../rows/row-address.ts'
import type { TouchedKeys } from '../reading/touched-keys.ts'

/** Takes over what other replicas say that they changed. */
export interface ChangeFollower {
  /** ms since the epoch: what the log told before is known. */
  readonly knownUntil: number
  /** What has happened until then is known, or left to a scan that begins after this call. */
  begin(knownUntil: number): void
  /** @returns whether something happened that only a scan finds @throws AppError SERVICE_UNAVAILABLE */
  poll(): Promise<{ readonly isScanNeeded: boolean }>
  /**
   * How the recordings are now that changed since a time, ms since the epoch, and somewhat before it.
   * @returns undefined when the log does not tell
   * @throws AppError SERVICE_UNAVAILABLE
   */
  since(time: number): Promise<RecordingEvent[] | undefined>
}

/** @param now the clock, ms since the epoch */
export function createChangeFollower(
  changeLog: ChangeLog,
  keys: RecordingKeys,
  rows: RecordingRows,
  reader: Pick<LibraryReader, 'read'>,
  touched: TouchedKeys,
  now: () => number,
): ChangeFollower {
  /** Entries of the last look, which the next one finds again. */
  let seen = new Set<string>()
  let polledAt = 0

  /**
   * @param isOld whether it was told before what is known here was read: to follow it could lead back
   * @returns what has to be read, because the change does not follow upon what is known here
   */
  const take = (change: Exclude<Change, { type: 'lost' }>, isOld: boolean): RowAddress | undefined => {
    const { key } = change
    const address = addressOf(keys, key)
    if (!address) return undefined
    const known = rows.etagOf(address)
    if (known === (change.type === 'put' ? change.etag : undefined)) return undefined
    if (isOld || known !== change.before) return address
    touched.touch(key)
    if (change.type === 'remove') {
      rows.drop(address)
      return undefined
    }
    const claim = change.claim?.state === 'held' ? change.claim : undefined
    rows.enter(address, { etag: change.etag, recording: claim?.recording ?? change.recording, claim })
    return undefined
  }

  const note = (subjects: Map<string, ChangeSubject>, change: Change): void => {
    if (change.type === 'lost') return
    const recording = change.type === 'put' ? (change.recording ?? heldRecording(change.claim)) : undefined
    for (const subject of [change.subject, recording]) {
      if (!subject) continue
      const identity = subject.name || subject.id
      subjects.delete(identity)
      subjects.set(identity, subject)
    }
  }

  const stateOf = ({ id, name, roomName, roomId }: ChangeSubject): RecordingEvent[] => {
    const recording = name === '' ? running(id) : rows.get(name)
    if (recording) return [{ type: isActiveStatus(recording.status) ? 'status' : 'saved', recording }]
    if (name !== '') return [{ type: 'deleted', recordingName: name, roomName, roomId }]
    return rows.isShown(id) ? [] : [{ type: 'resync' }]
  }

  const running = (id: string): RecordingInfo | undefined => {
    const claim = rows.heldClaims().find(({ recording }) => recording?.id === id)
    const row: RowAddress | undefined = claim && { kind: 'claim', name: claim.roomId }
    return row && rows.isShown(id) ? rows.recordingOf(row) : undefined
  }

  return {
    get knownUntil() {
      return polledAt
    },
    begin(knownUntil) {
      polledAt = knownUntil
      seen = new Set()
    },
    async poll() {
      const time = now()
      const read = await changeLog.read(polledAt, (id) => !seen.has(id) && !changeLog.isOwn(id))
      // Entries that had been swept before they were read
      let isScanNeeded = time - polledAt > CHANGES_KEPT_MS
      const doubtful = new Map<string, RowAddress>()
      for (const { time: toldAt, changes } of read?.entries ?? []) {
        for (const change of changes) {
          if (change.type === 'lost') {
            isScanNeeded = true
            continue
          }
          const address = doubtful.has(change.key) ? undefined : take(change, toldAt < polledAt)
          if (address) doubtful.set(change.key, address)
        }
      }
      if (doubtful.size > 0) await reader.read([...doubtful.values()])
      polledAt = time
      seen = new Set(read?.ids)
      return { isScanNeeded: isScanNeeded || !read }
    },
    async since(time) {
      await changeLog.flush()
      if (time < now() - CHANGES_KEPT_MS || time > now() + CLOCK_SLACK_MS) return undefined
      const read = await changeLog.read(time, () => true)
      const changes = read?.entries.flatMap((entry) => entry.changes)
      if (!changes || changes.some(({ type }) => type === 'lost')) return undefined
      const subjects = new Map<string, ChangeSubject>()
      for (const change of changes) note(subjects, change)
      return [...subjects.values()].flatMap(stateOf)
    },
  }
}

function heldRecording(claim: Extract<Change, { type: 'put' }>['claim']): RecordingInfo | undefined {
  return claim?.state === 'held' ? claim.recording : undefined
}
