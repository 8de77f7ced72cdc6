import { isActiveStatus, type RecordingInfo } from '@roomreel/contracts'
import type { HeldClaim } from '../recordings/claim.ts'
import { isPending } from '../recordings/claim-changes.ts'
import { nameWithoutFile } from '../recordings/recording-from-egress.ts'
import { metadataFor } from '../recordings/tell-room.ts'
import type { Repair } from './repair.ts'
import type { Survey, SurveyedEgress } from './survey.ts'

/** ms that what looks unfinished may just be going on. */
const GRACE_MS = 60_000
/** ms after which the free claim of a session that is over goes. LiveKit remembers egresses for a day. */
const CLAIM_KEPT_MS = 2 * 24 * 3_600_000
/** ms for which late news of a deleted recording is still refused. */
const TOMBSTONE_KEPT_MS = 7 * 24 * 3_600_000
/** More files than this, and more than half of all, do not vanish one by one. */
const MANY_GONE = 20

export interface PlanOptions {
  /** The app's name in room metadata. */
  readonly appName: string
  /** Where claims and tombstones are. */
  readonly keys: { claim(roomId: string): string; tombstone(recordingName: string): string }
  /** Whether everything is to be looked at, and mass losses are to be believed: somebody asked for it. */
  readonly isThorough: boolean
}

export interface RepairPlan {
  readonly repairs: readonly Repair[]
  /** What was left alone because it looks like a fault of the storage, in words. */
  readonly warning: string | undefined
}

/**
 * What would make LiveKit, the bucket and the library agree. Pure. What may simply be going on at this moment is
 * left for the next look; each repair is safe when it turns out to be outdated.
 */
export function planRepairs(survey: Survey, options: PlanOptions): RepairPlan {
  const view = viewOf(survey)
  const files = [...survey.files].flatMap(([name, file]) => repairFile(survey, view, options, name, file))
  const gone = goneFiles(survey, view)
  const isMassLoss = !options.isThorough && gone.length > MANY_GONE && gone.length * 2 > survey.metadata.size
  return {
    repairs: [
      ...survey.heldClaims.flatMap((claim) => repairClaim(survey, view, claim)),
      ...survey.egresses.flatMap((egress) => repairEgress(survey, view, egress)),
      ...files,
      ...(isMassLoss ? [] : gone),
      ...repairRecords(survey, view),
      ...repairRooms(survey, view, options),
      ...sweep(survey, options),
    ],
    warning: isMassLoss
      ? `${gone.length} of ${survey.metadata.size} recordings have no file any more. Nothing was marked: check the bucket and RECORDINGS_PATH, and if they are really gone, run: npm run reconcile -- --apply`
      : undefined,
  }
}

/** The survey by what is looked up. */
interface View {
  readonly byName: ReadonlyMap<string, RecordingInfo>
  readonly byId: ReadonlyMap<string, RecordingInfo>
  readonly egressById: ReadonlyMap<string, RecordingInfo>
  readonly egressByFile: ReadonlyMap<string, RecordingInfo>
  readonly claimByRoomId: ReadonlyMap<string, HeldClaim>
  readonly claimById: ReadonlyMap<string, HeldClaim>
}

function viewOf({ recordings, egresses, heldClaims }: Survey): View {
  const listed = egresses.map(({ recording }) => recording)
  return {
    byName: new Map(recordings.map((recording) => [recording.name, recording])),
    byId: new Map(recordings.map((recording) => [recording.id, recording])),
    egressById: new Map(listed.map((recording) => [recording.id, recording])),
    egressByFile: new Map(listed.map((recording) => [recording.name, recording])),
    claimByRoomId: new Map(heldClaims.map((claim) => [claim.roomId, claim])),
    claimById: new Map(
      heldClaims.flatMap((claim) => (claim.recording ? [[claim.recording.id, claim] as const] : [])),
    ),
  }
}

function repairClaim({ now }: Survey, { egressById }: View, claim: HeldClaim): Repair[] {
  const settle = (reason: string): Repair[] => [{ kind: 'settle-claim', claim, reason }]
  if (!claim.recording) return isPending(claim, now) ? [] : settle('its start was never answered')
  const listed = egressById.get(claim.recording.id)
  if (!listed) return settle(`LiveKit does not know its egress ${claim.recording.id}`)
  return isActiveStatus(listed.status) ? [] : settle(`its egress ${claim.recording.id} is ${listed.status}`)
}

function repairEgress(survey: Survey, view: View, { info, recording }: SurveyedEgress): Repair[] {
  const { id, roomId, updatedAt = 0 } = recording
  // Without a claim, even a free one, nobody here has asked for it; a held one is settled by itself
  const isOurs = survey.claims.has(roomId) && !view.claimById.has(id)
  const known = view.byId.get(id)
  const isDeleted = survey.tombstones.has(recording.name) || survey.tombstones.has(nameWithoutFile(recording))
  if (
    !isOurs ||
    isDeleted ||
    (known && !isNews(survey, known, recording)) ||
    survey.now - updatedAt < GRACE_MS
  )
    return []
  return [{ kind: 'take-news', recordingId: id, info }]
}

/** Whether LiveKit knows more: the end, a file that is there after all, or that it still runs though given up. */
function isNews(survey: Survey, known: RecordingInfo, listed: RecordingInfo): boolean {
  if (isActiveStatus(known.status) && !isActiveStatus(listed.status)) return true
  // Of a recorder that was killed LiveKit says for ever that it runs; in an open room it may be so
  const isOpen = survey.rooms.some(({ roomId }) => roomId === listed.roomId)
  if (!isActiveStatus(known.status) && isActiveStatus(listed.status)) return isOpen
  return !isActiveStatus(listed.status) && known.size === 0 && survey.files.has(listed.name)
}

function repairFile(
  survey: Survey,
  view: View,
  { isThorough }: PlanOptions,
  recordingName: string,
  { size, lastModified }: { size: number; lastModified: Date },
): Repair[] {
  if (size === 0) return []
  if (survey.tombstones.has(recordingName)) return [{ kind: 'finish-deletion', recordingName, lastModified }]
  const isSettled = survey.now - lastModified.getTime() > GRACE_MS
  if (survey.metadata.has(recordingName)) {
    const known = view.byName.get(recordingName)
    if (known?.check === 'missing') return [{ kind: 'check-file', recordingName, reason: 'returned' }]
    // Files that others wrote are looked at when somebody asks for it
    const isWanted = isThorough || known?.updatedAt !== undefined
    if (!known || known.check || isActiveStatus(known.status) || !isWanted || !isSettled) return []
    return [{ kind: 'check-file', recordingName, reason: 'unchecked' }]
  }
  const egress = view.egressByFile.get(recordingName)
  const isExpected =
    egress !== undefined && (isActiveStatus(egress.status) || survey.claims.has(egress.roomId))
  const isRunning = view.byName.has(recordingName)
  return isExpected || isRunning || !isSettled ? [] : [{ kind: 'adopt-file', recordingName, lastModified }]
}

function goneFiles(survey: Survey, { byName }: View): Repair[] {
  return [...survey.metadata].flatMap(([recordingName, writtenAt]): Repair[] => {
    const known = byName.get(recordingName)
    const isKnownGone = !known || known.check === 'missing' || known.size === 0
    const isSettled = survey.now - writtenAt.getTime() > GRACE_MS
    if (survey.files.has(recordingName) || isKnownGone || !isSettled) return []
    return [{ kind: 'check-file', recordingName, reason: 'gone' }]
  })
}

function repairRecords(survey: Survey, { byName, byId }: View): Repair[] {
  const left = [...survey.metadata, ...survey.withoutFile].flatMap(
    ([recordingName, lastModified]): Repair[] =>
      survey.tombstones.has(recordingName) && !survey.files.has(recordingName)
        ? [{ kind: 'finish-deletion', recordingName, lastModified }]
        : [],
  )
  const doubles = [...survey.withoutFile.keys()].flatMap((recordingName): Repair[] => {
    const known = byName.get(recordingName)
    const other = known && known.id !== '' ? byId.get(known.id) : undefined
    const isDouble = other !== undefined && other.name !== recordingName && survey.metadata.has(other.name)
    return isDouble ? [{ kind: 'drop-double', recordingName }] : []
  })
  return [...left, ...doubles]
}

function repairRooms(survey: Survey, view: View, { appName }: PlanOptions): Repair[] {
  return survey.rooms.flatMap(({ roomName, roomId, metadata }): Repair[] => {
    if (metadata.createdBy !== appName) return []
    const { recordingStatus: says = 'STOPPED', recordingId } = metadata
    const claim = view.claimByRoomId.get(roomId)
    const isRight = claim
      ? metadataFor(claim, undefined).recordingStatus === says
      : says === 'STOPPED' || says === 'FAILED'
    return isRight ? [] : [{ kind: 'correct-room', roomName, roomId, says, recordingId }]
  })
}

function sweep(survey: Survey, { keys }: PlanOptions): Repair[] {
  const openRooms = new Set(survey.rooms.map(({ roomId }) => roomId))
  const held = new Set(survey.heldClaims.map(({ roomId }) => roomId))
  const isOld = (since: Date, keptMs: number) => survey.now - since.getTime() > keptMs
  return [
    ...[...survey.claims].flatMap(([roomId, since]): Repair[] =>
      isOld(since, CLAIM_KEPT_MS) && !openRooms.has(roomId) && !held.has(roomId)
        ? [{ kind: 'sweep', key: keys.claim(roomId) }]
        : [],
    ),
    ...[...survey.tombstones].flatMap(([recordingName, since]): Repair[] =>
      isOld(since, TOMBSTONE_KEPT_MS) &&
      !survey.files.has(recordingName) &&
      !survey.metadata.has(recordingName) &&
      !survey.withoutFile.has(recordingName)
        ? [{ kind: 'sweep', key: keys.tombstone(recordingName) }]
        : [],
    ),
  ]
}
