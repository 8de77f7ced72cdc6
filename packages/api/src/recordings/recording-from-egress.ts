import type { RecordingInfo, RecordingLayout, RecordingStatus } from '@roomreel/contracts'
import { type EgressInfo, EgressStatus } from 'livekit-server-sdk'
import { endInWords } from './end-in-words.ts'
import type { RecordingKeys } from '../storage/recording-keys.ts'

const STATUS: Record<EgressStatus, RecordingStatus> = {
  [EgressStatus.EGRESS_STARTING]: 'STARTING',
  [EgressStatus.EGRESS_ACTIVE]: 'STARTED',
  [EgressStatus.EGRESS_ENDING]: 'STOPPING',
  [EgressStatus.EGRESS_COMPLETE]: 'COMPLETE',
  [EgressStatus.EGRESS_FAILED]: 'FAILED',
  [EgressStatus.EGRESS_ABORTED]: 'ABORTED',
  [EgressStatus.EGRESS_LIMIT_REACHED]: 'LIMIT_REACHED',
}

const NS_PER_MS = 1_000_000n
const NS_PER_SECOND = 1_000_000_000

/**
 * Reads LiveKit's EgressInfo as a recording, or gives undefined for an egress that writes no file of ours: a
 * stream, a track, or somebody else's folder. `name` is empty as long as the recorder has not said it.
 */
export function recordingFromEgress(info: EgressInfo, keys: RecordingKeys): RecordingInfo | undefined {
  const file = info.fileResults[0]
  const requested = requestedFilepath(info)
  const named = file && keys.nameOfFile(file.filename)
  // A template such as {room_name}-{time} is no name yet, but it shows that the folder is ours
  const isOurs =
    named !== undefined ||
    (requested !== undefined && keys.nameOfFile(withExtension(requested)) !== undefined)
  if (!isOurs) return undefined

  const layout = requestedLayout(info)
  const error = endInWords(info)
  const image = info.imageResults[0]
  const thumbnail = image && keys.thumbnailOf(image.filenamePrefix)
  const startedAtNs = file?.startedAt || info.startedAt
  return {
    id: info.egressId,
    name: named !== undefined && !named.includes('{') ? named : '',
    roomName: info.roomName,
    roomId: info.roomId,
    startedAt: Number(startedAtNs / NS_PER_MS),
    duration: file ? Number(file.duration) / NS_PER_SECOND : 0,
    size: file ? Number(file.size) : 0,
    status: STATUS[info.status],
    ...(layout && { layout }),
    updatedAt: Number(info.updatedAt / NS_PER_MS),
    ...(error !== undefined && { error }),
    ...(thumbnail && { thumbnail }),
  }
}

/** What a recording is called that has no file to be named after. */
export function nameWithoutFile({
  roomName,
  roomId,
  id,
}: Pick<RecordingInfo, 'roomName' | 'roomId' | 'id'>): string {
  return `${roomName}-${roomId}-${id}.mp4`
}

function requestedFilepath(info: EgressInfo): string | undefined {
  if (info.request.case === 'roomComposite') {
    const request = info.request.value
    if (request.output.case === 'file') return request.output.value.filepath
    return request.fileOutputs[0]?.filepath
  }
  if (info.request.case === 'egress') {
    const config = info.request.value.outputs.find((output) => output.config.case === 'file')?.config
    return config?.case === 'file' ? config.value.filepath : undefined
  }
  return undefined
}

function requestedLayout(info: EgressInfo): RecordingLayout | undefined {
  const layout = info.request.case === 'roomComposite' ? info.request.value.layout : undefined
  return layout === 'grid' || layout === 'speaker' ? layout : undefined
}

const withExtension = (path: string) => (path.endsWith('.mp4') ? path : `${path}.mp4`)
