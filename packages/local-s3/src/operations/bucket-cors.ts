import { S3Error } from '../s3-error.ts'
import type { BucketCall } from './operation.ts'

/** GetBucketCors: the rule that is in force, which lets every origin in, is the server's and not the bucket's. */
export async function getBucketCors({ store, bucket }: BucketCall): Promise<void> {
  store.bucket(bucket)
  throw new S3Error('NoSuchCORSConfiguration')
}
