import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { BUCKET } from './start-test-server.ts'

/** The whole content of an object in the test bucket. */
export async function readObject(s3: S3Client, key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
  if (!Body) throw new Error(`No body for ${key}`)
  return Buffer.from(await Body.transformToByteArray())
}
