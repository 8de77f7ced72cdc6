import type { RecordingInfo, RecordingLayout, StartRecordingInput } from '@roomreel/contracts'
import {
  type EgressInfo,
  EncodedFileOutput,
  EncodedFileType,
  ImageFileSuffix,
  ImageOutput,
  S3Upload,
} from 'livekit-server-sdk'
import { randomUUID } from 'node:crypto'
import type { ParticipantPrincipal } from '../access/principal.ts'
import type { ApiConfig } from '../api-config.ts'
import { AppError } from '../app-error.ts'
import { callLiveKit, liveKitStatus } from '../livekit/livekit-api.ts'
import { updateRoomMetadata } from '../rooms/update-room-metadata.ts'
import type { Services } from '../services.ts'
import { applyEgressInfo } from './apply-news.ts'
import type { HeldClaim } from './claim.ts'
import { changeClaim, freed, isPending, writeClaim } from './claim-changes.ts'
import { findRunning } from './find-running.ts'
import { openRoomSession } from './open-room-session.ts'
import { watchClaim } from './watch-claim.ts'

/**
 * ms that a claim holds without LiveKit's answer: longer than one call may take, and short enough that after a
 * crash at the worst moment the room can be recorded again within a minute.
 */
const CLAIM_MS = 35_000

/** ms that LiveKit may take to answer, and the answer to be stored. */
const REQUEST_MS = 15_000

/** Seconds between two pictures of a running recording. */
const THUMBNAIL_SECONDS = 5

const ALREADY_RECORDED = 'This meeting is already being recorded.'

/**
 * Starts the one recording that a room session can have at a time.
 * @throws AppError FORBIDDEN, NOT_FOUND (the meeting is over), CONFLICT, SERVICE_UNAVAILABLE
 */
export async function startRecording(
  services: Services,
  principal: ParticipantPrincipal,
  input: StartRecordingInput,
): Promise<RecordingInfo> {
  const room = await openRoomSession(services, principal, input.roomName)
  if (!room) throw new AppError('NOT_FOUND', 'This meeting is not there any more. Join it again.')
  const layout = input.layout ?? 'grid'
  const claim = await claimRoom(services, principal, layout)

  let phase: StartPhase = 'preparing'
  try {
    // What the claims do not know of (they were lost, or an answer was) still counts as a running recording
    if (await findRunning(services, principal)) throw new AppError('CONFLICT', ALREADY_RECORDED)
    await tellStarting(services, principal)
    if (services.now() > claim.expiresAt - REQUEST_MS) throw tookTooLong()
    phase = 'asking'
    const info = await requestEgress(services, principal, layout)
    phase = 'started'
    const recording = await applyEgressInfo(services, info, 'start')
    // An egress that was thought not to have started turned up in between: that one goes on
    if (!recording) throw new AppError('CONFLICT', ALREADY_RECORDED)
    services.metrics.recordingStarted()
    services.log.info({ recordingId: recording.id, roomName: input.roomName, layout }, 'recording started')
    return { ...recording, status: 'STARTING' }
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONFLICT') throw error
    throw await settleFailedStart(services, principal, error, phase)
  }
}

/** How far a start has come: only when LiveKit has been asked, something can have been started. */
type StartPhase = 'preparing' | 'asking' | 'started'

/** This process slept, and its claim is about to be anybody's. */
function tookTooLong(): AppError {
  return new AppError('SERVICE_UNAVAILABLE', 'Recording could not start in time. Try again.')
}

async function claimRoom(
  services: Services,
  room: ParticipantPrincipal,
  layout: RecordingLayout,
): Promise<HeldClaim> {
  // A claim in the way may be of a recording that is over: then it goes, and the second try gets through
  for (let attempt = 0; attempt < 2; attempt++) {
    const now = services.now()
    const stored = await services.store.getClaim(room.roomId)
    if (stored?.claim.state === 'held') {
      if (isPending(stored.claim, now)) throw new AppError('CONFLICT', ALREADY_RECORDED)
      await watchClaim(services, stored.claim)
      continue
    }
    const claim = {
      state: 'held' as const,
      roomName: room.roomName,
      roomId: room.roomId,
      layout,
      owner: randomUUID(),
      requestedAt: now,
      expiresAt: now + CLAIM_MS,
    }
    if (await writeClaim(services, claim, stored)) return claim
  }
  throw new AppError('CONFLICT', ALREADY_RECORDED)
}

async function requestEgress(
  { config, keys, livekit }: Services,
  room: ParticipantPrincipal,
  layout: RecordingLayout,
): Promise<EgressInfo> {
  const upload = config.egressS3Upload === 'request' && {
    output: { case: 's3' as const, value: s3Upload(config.s3) },
  }
  const file = new EncodedFileOutput({
    fileType: EncodedFileType.MP4,
    // The recorder fills these in; the same name as in OpenVidu's tutorial
    filepath: `${config.recordingsPath}{room_name}-{room_id}-{time}`,
    disableManifest: true,
    ...upload,
  })
  const images = new ImageOutput({
    // One picture, the latest: enough to tell recordings apart, and one object to delete
    captureInterval: THUMBNAIL_SECONDS,
    filenameSuffix: ImageFileSuffix.IMAGE_SUFFIX_NONE_OVERWRITE,
    filenamePrefix: keys.thumbnailTemplate,
    width: 640,
    height: 360,
    disableManifest: true,
    ...upload,
  })
  return callLiveKit(livekit, 'startRoomCompositeEgress', () =>
    livekit.egress.startRoomCompositeEgress(room.roomName, { file, images }, { layout }),
  )
}

function s3Upload(s3: ApiConfig['s3']): S3Upload {
  return new S3Upload({
    accessKey: s3.accessKey,
    secret: s3.secretKey,
    region: s3.region,
    endpoint: s3.endpoint,
    bucket: s3.bucket,
    forcePathStyle: true,
  })
}

async function tellStarting(services: Services, room: ParticipantPrincipal): Promise<void> {
  await services.roomQueue.run(room.roomId, () =>
    updateRoomMetadata(services, room, () => ({
      recordingStatus: 'STARTING',
      recordingId: undefined,
      recordingStartedAt: undefined,
      recordingError: undefined,
    })),
  )
}

/**
 * Ends a start that went wrong. Where LiveKit's answer is missing, an egress may be running all the same: then
 * the claim stays until it is over or has turned up, and nobody is told that a new start is possible.
 */
async function settleFailedStart(
  services: Services,
  room: ParticipantPrincipal,
  error: unknown,
  phase: StartPhase,
): Promise<unknown> {
  services.log.error(
    { err: error, roomName: room.roomName, roomId: room.roomId },
    'recording could not be started',
  )
  const failure = startFailure(error)
  services.metrics.startFailed(failure.code)
  if (phase === 'started' || (phase === 'asking' && isUncertain(error))) return failure
  await services.roomQueue.run(room.roomId, async () => {
    await changeClaim(services, room.roomId, (current) => freed(current, undefined, services.now()))
    await updateRoomMetadata(services, room, () => ({
      recordingStatus: 'FAILED',
      recordingId: undefined,
      recordingStartedAt: undefined,
      recordingError: failure.message,
    }))
  })
  return failure
}

function startFailure(error: unknown): AppError {
  const status = liveKitStatus(error)
  if (status === 429 || status === 503) {
    return new AppError(
      'SERVICE_UNAVAILABLE',
      'Recording could not start because no recorder is free. Try again in a minute.',
      { cause: error },
    )
  }
  if (status === 412) {
    // The recorder says what it lacks, in a sentence for whoever runs it
    const reason = error instanceof AppError && error.cause instanceof Error ? error.cause.message : ''
    const sentence = reason.replace(/^twirp error \w+: /, '')
    return new AppError('SERVICE_UNAVAILABLE', `Recording could not start. ${sentence}`.trim(), {
      cause: error,
    })
  }
  if (error instanceof AppError) return error
  return new AppError('INTERNAL_SERVER_ERROR', 'Recording could not start. Try again.', { cause: error })
}

/** Whether LiveKit may have started the egress although it did not say so. */
function isUncertain(error: unknown): boolean {
  const status = liveKitStatus(error)
  if (status !== undefined) return status === 408 || (status >= 500 && status !== 503)
  return !(error instanceof AppError && isRefusedConnection(error.cause))
}

/** Nobody listened: what was asked has not been heard. */
function isRefusedConnection(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if ('code' in cause && (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND')) return true
    if (cause instanceof AggregateError) return cause.errors.some(isRefusedConnection)
  }
  return false
}
