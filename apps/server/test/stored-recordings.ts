import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import type { RecordingInfo } from '@roomreel/contracts'
import type { ServerConfig } from '../src/config/env.ts'

export function s3Client({ api: { s3 } }: ServerConfig): S3Client {
  return new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: true,
    credentials: { accessKeyId: s3.accessKey, secretAccessKey: s3.secretKey },
  })
}

/** A recording as the tutorial's app describes it. */
export function tutorialMetadata(
  roomName: string,
  number: number,
  roomId = 'RM_stored',
): Omit<RecordingInfo, 'status'> {
  const startedAt = 1_735_732_800_000 + number * 60_000
  return {
    id: `EG_${roomName.length}_${number}`,
    name: `${roomName}-${roomId}-${number}.mp4`,
    roomName,
    roomId,
    startedAt: startedAt + 0.5,
    duration: 12.5,
    size: 10_000,
  }
}

/** Puts a recording into the bucket as the tutorial's app leaves it there: the file, and its metadata beside it. */
export async function store(
  s3: S3Client,
  config: ServerConfig,
  metadata: Omit<RecordingInfo, 'status'>,
  file?: Buffer,
): Promise<void> {
  const { bucket } = config.api.s3
  const prefix = config.api.recordingsPath
  if (file) {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: prefix + metadata.name,
        Body: file,
        ContentType: 'video/mp4',
      }),
    )
  }
  const key = `${prefix}.metadata/${metadata.name.replace('.mp4', '')}.json`
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: JSON.stringify(metadata) }))
}
