import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, NotFound } from '@aws-sdk/client-s3'
import { isActiveStatus, parseRoomMetadata, type RecordingInfo } from '@roomreel/contracts'
import { type EgressInfo, EgressStatus } from 'livekit-server-sdk'
import { z } from 'zod'
import type { Meeting } from './meeting.ts'
import type { Replica } from './replica.ts'
import { BUCKET } from './stack.ts'

/** What is the case with a meeting's recordings, and what of it should not be. */
export interface Truth {
  /** What every replica lists, newest first. */
  readonly recordings: readonly RecordingInfo[]
  /** Empty when all agree: the lists of all replicas, the bucket, LiveKit's egresses, and the room. */
  readonly problems: readonly string[]
}

const StoredRecord = z.object({ id: z.string() })
const StoredClaim = z.object({ state: z.enum(['held', 'free']) })

/**
 * Compares all that says something of a meeting's recordings when none of them is meant to run any more. What
 * LiveKit's egresses say of their files is the measure.
 */
export async function seeTruth(meeting: Meeting): Promise<Truth> {
  const lists = await Promise.all(meeting.product.replicas.map(async (replica) => listAt(meeting, replica)))
  const recordings = lists[0] ?? []
  const egresses = await meeting.product.stack.egresses.listEgress({ roomName: meeting.roomName })
  return {
    recordings,
    problems: [
      ...lists.flatMap((list, number) =>
        JSON.stringify(list) === JSON.stringify(recordings) ? [] : [`replica ${number + 1} lists others`],
      ),
      ...problemsOfList(recordings, egresses),
      ...(await problemsOfBucket(meeting, recordings)),
      ...(await problemsOfRoom(meeting, recordings)),
      ...(await Promise.all(recordings.map(async (recording) => problemsOfFile(meeting, recording)))).flat(),
    ],
  }
}

async function listAt(meeting: Meeting, replica: Replica): Promise<RecordingInfo[]> {
  const admin = await meeting.product.admin(replica)
  const { items } = await admin.recordings.list.query({ roomName: meeting.roomName, limit: 100 })
  return items
}

/** Exactly one entry for each egress, and none for anything else. */
function problemsOfList(recordings: readonly RecordingInfo[], egresses: readonly EgressInfo[]): string[] {
  return [
    ...egresses.flatMap((egress) => {
      const { egressId } = egress
      const entries = recordings.filter(({ id }) => id === egressId)
      if (entries.length !== 1) return [`egress ${egressId} is listed ${entries.length} times`]
      if (egress.status < EgressStatus.EGRESS_COMPLETE) return [`egress ${egressId} goes on running`]
      const capturedBytes = Number(egress.fileResults[0]?.size ?? 0)
      const listedBytes = entries[0]?.size
      return listedBytes === capturedBytes
        ? []
        : [`${egressId} has captured ${capturedBytes} bytes, ${listedBytes} are listed`]
    }),
    ...recordings.flatMap(({ id, status, error, size }) => [
      ...(egresses.some(({ egressId }) => egressId === id) ? [] : [`recording ${id} was never made`]),
      ...(isActiveStatus(status) ? [`recording ${id} is listed as ${status}`] : []),
      ...(status !== 'COMPLETE' && !error ? [`recording ${id} is ${status} and does not say why`] : []),
      ...(status === 'COMPLETE' && size === 0 ? [`recording ${id} is complete and has no file`] : []),
    ]),
  ]
}

/** One record for each recording, none without, no held claim, no file that nobody knows of. */
async function problemsOfBucket(meeting: Meeting, recordings: readonly RecordingInfo[]): Promise<string[]> {
  const { folder } = meeting.product
  const names = await namesBelow(meeting, folder)
  const ofRoom = (prefix: string) => names.filter((name) => name.startsWith(`${prefix}${meeting.roomName}-`))
  const records = [...ofRoom('.metadata/'), ...ofRoom('.failed/')]
  const recordIds = await Promise.all(
    records.map(async (name) => StoredRecord.parse(await readJson(meeting, folder + name)).id),
  )
  const claims = [...meeting.roomIds]
    .map((roomId) => `.claims/${roomId}.json`)
    .filter((name) => names.includes(name))
  const states = await Promise.all(
    claims.map(async (name) => StoredClaim.parse(await readJson(meeting, folder + name)).state),
  )
  const listedIds = recordings.map(({ id }) => id).toSorted()
  const files = ofRoom('').filter((name) => name.endsWith('.mp4'))
  const withFile = recordings.filter(({ size }) => size > 0).map(({ name }) => name)
  return [
    ...(states.includes('held') ? ['a claim is held'] : []),
    ...(JSON.stringify(recordIds.toSorted()) === JSON.stringify(listedIds)
      ? []
      : [`the bucket has records of ${recordIds.join(', ') || 'nothing'}: ${records.join(', ')}`]),
    ...(JSON.stringify(files.toSorted()) === JSON.stringify(withFile.toSorted())
      ? []
      : [
          `the bucket has the files ${files.join(', ') || '(none)'}, listed are ${withFile.join(', ') || '(none)'}`,
        ]),
  ]
}

/** What the room was told: that nothing runs, and where something went wrong, what. */
async function problemsOfRoom(meeting: Meeting, [latest]: readonly RecordingInfo[]): Promise<string[]> {
  const [room] = await meeting.product.stack.rooms.listRooms([meeting.roomName])
  if (!room) return []
  const { recordingStatus, recordingError, recordingId } = parseRoomMetadata(room.metadata)
  if (recordingStatus === 'FAILED') return recordingError ? [] : ['the room is told FAILED without a reason']
  // A session that somebody opened anew and in which nobody has recorded has nothing to tell
  if (recordingStatus === undefined && latest?.roomId !== room.sid) return []
  if (recordingStatus !== 'STOPPED') return [`the room is told ${recordingStatus}`]
  const isOfThisSession = latest !== undefined && latest.roomId === room.sid
  const hasFailed = latest?.status === 'FAILED' || latest?.status === 'ABORTED'
  return isOfThisSession && hasFailed && recordingId === latest.id
    ? ['the room is told STOPPED of a recording that failed']
    : []
}

/** Where something is listed to be watched, it can be. */
async function problemsOfFile(meeting: Meeting, { id, name, size }: RecordingInfo): Promise<string[]> {
  if (size === 0) return []
  const head = await headOf(meeting, meeting.product.folder + name)
  if (head !== size) return [`the file of ${id} has ${head} bytes, ${size} are listed`]
  const admin = await meeting.product.admin(meeting.replica)
  const { url } = await admin.recordings.playback.query({ recordingName: name })
  const answer = await fetch(url, { headers: { range: 'bytes=4-7' } })
  // The first box of an MP4 (ISO/IEC 14496-12, section 4.3)
  const box = await answer.text()
  const total = answer.headers.get('content-range')?.split('/')[1]
  return box === 'ftyp' && Number(total) === size ? [] : [`${id} can not be played: ${answer.status}`]
}

async function namesBelow({ product: { stack } }: Meeting, folder: string): Promise<string[]> {
  const { Contents = [], IsTruncated } = await stack.objects.send(
    new ListObjectsV2Command({ Bucket: BUCKET, Prefix: folder }),
  )
  if (IsTruncated) throw new Error(`more than a thousand objects below ${folder}`)
  return Contents.map(({ Key = '' }) => Key.slice(folder.length))
}

async function readJson({ product: { stack } }: Meeting, Key: string): Promise<unknown> {
  const { Body } = await stack.objects.send(new GetObjectCommand({ Bucket: BUCKET, Key }))
  return JSON.parse((await Body?.transformToString()) ?? '')
}

/** @returns bytes; undefined when there is no such object */
async function headOf({ product: { stack } }: Meeting, Key: string): Promise<number | undefined> {
  try {
    const { ContentLength } = await stack.objects.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))
    return ContentLength
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}
