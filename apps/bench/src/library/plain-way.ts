import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { RecordingInfoSchema } from '@roomreel/contracts'
import { timeAll } from '../at-once.ts'
import type { S3 } from '../storage/s3.ts'
import { metadataPrefix } from '../storage/stored-recording.ts'

/** As many GETs side by side as the app makes when it reads a library. */
const READS_AT_ONCE = 32

/** One ListObjectsV2 call of a thousand keys. @returns seconds */
export async function timeRawList({ client, bucket }: S3): Promise<number> {
  const startedAt = performance.now()
  await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: metadataPrefix }))
  return (performance.now() - startedAt) / 1000
}

/**
 * The first page without an index, as the tutorial makes it: every key is listed, every object read, then sorted.
 * @returns seconds
 * @throws Error when there are not as many
 */
export async function timePlainWay({ client, bucket }: S3, count: number): Promise<number> {
  const startedAt = performance.now()
  const keys: string[] = []
  let ContinuationToken: string | undefined
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: metadataPrefix, ContinuationToken })
    const page = await client.send(command)
    for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key)
    ContinuationToken = page.NextContinuationToken
  } while (ContinuationToken !== undefined)
  const found: { readonly startedAt: number }[] = []
  await timeAll(keys, READS_AT_ONCE, async (Key) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }))
    found.push(RecordingInfoSchema.parse(JSON.parse((await Body?.transformToString()) ?? '')))
  })
  found.sort((a, b) => b.startedAt - a.startedAt)
  if (found.length !== count) throw new Error(`The plain way finds ${found.length} recordings of ${count}.`)
  return (performance.now() - startedAt) / 1000
}
