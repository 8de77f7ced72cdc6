import { PutObjectCommand } from '@aws-sdk/client-s3'
import { RecordingInfoSchema, type RecordingInfo } from '@roomreel/contracts'
import type { S3 } from './s3.ts'

/** Where the product looks for recordings unless it is told otherwise. */
const RECORDINGS_PATH = 'recordings/'
/** 2026-01-01: the recordings of a benchmark were made one minute after the other since then. */
const FIRST_STARTED_AT = Date.UTC(2026, 0, 1)
const ROOMS = 200

/** The `number`th recording of a library, as OpenVidu's tutorial would describe it: one of two hundred rooms. */
export function numberedRecording(number: number, size: number): RecordingInfo {
  const startedAt = FIRST_STARTED_AT + number * 60_000
  const roomName = `Room ${number % ROOMS}`
  const roomId = `RM_${number.toString(36).padStart(12, '0')}`
  const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(':', '')
  const name = `${roomName}-${roomId}-${time}.mp4`
  const id = `EG_${number.toString(36).padStart(12, '0')}`
  return RecordingInfoSchema.parse({ id, name, roomName, roomId, startedAt, duration: 1800, size })
}

export const fileKey = ({ name }: RecordingInfo): string => RECORDINGS_PATH + name

export const metadataPrefix = `${RECORDINGS_PATH}.metadata/`

export const metadataKey = ({ name }: RecordingInfo): string =>
  `${metadataPrefix}${name.replace(/\.mp4$/, '')}.json`

/** The seven fields that the tutorial writes. */
export function metadataText({
  id,
  name,
  roomName,
  roomId,
  startedAt,
  duration,
  size,
}: RecordingInfo): string {
  return JSON.stringify({ id, name, roomName, roomId, startedAt, duration, size })
}

/** Puts a recording with its file into the bucket. */
export async function store({ client, bucket }: S3, recording: RecordingInfo, file: Buffer): Promise<void> {
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: fileKey(recording),
      Body: file,
      ContentType: 'video/mp4',
    }),
  )
  const Body = metadataText(recording)
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: metadataKey(recording), Body }))
}
