import { z } from 'zod'
import { readXmlBody } from '../body/read-xml-body.ts'
import { hasBody } from '../http/s3-request.ts'
import { sendEmpty, sendXml } from '../http/send.ts'
import { element } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import type { Store } from '../store/store.ts'
import type { BucketCall, Call } from './operation.ts'
import { ownerElement } from './owner.ts'

/** As many as an account of AWS had for most of its life. */
const MAX_BUCKETS = 100

/** ListBuckets. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export async function listBuckets({ store, response, signature }: Call): Promise<void> {
  const buckets = [...store.buckets].toSorted(([a], [b]) => (a < b ? -1 : 1))
  sendXml(response, 'ListAllMyBucketsResult', [
    ownerElement(signature),
    element(
      'Buckets',
      buckets.map(([name, { createdMs }]) =>
        element('Bucket', [
          element('Name', name),
          element('CreationDate', new Date(createdMs).toISOString()),
        ]),
      ),
    ),
  ])
}

const createSchema = z.object({ CreateBucketConfiguration: z.unknown() })

/**
 * CreateBucket. The body, which names a region, has no meaning here.
 */
export async function createBucket(call: BucketCall): Promise<void> {
  const { request, store, response, bucket, now } = call
  if (hasBody(request)) await readXmlBody(call, createSchema)
  if (!(await addBucket(store, bucket, now()))) throw new S3Error('BucketAlreadyOwnedByYou')
  sendEmpty(response, 200, { location: `/${bucket}` })
}

/** @returns once the bucket is there, whether it was not there before */
export async function addBucket(store: Store, bucket: string, nowMs: number): Promise<boolean> {
  let isNew = false
  await store.commit({
    touches: 'everything',
    decide: () => {
      if (store.buckets.has(bucket)) return []
      if (store.buckets.size >= MAX_BUCKETS) throw new S3Error('TooManyBuckets')
      isNew = true
      return [{ type: 'bucket-created', bucket, atMs: nowMs }]
    },
  })
  return isNew
}

/** HeadBucket. */
export async function headBucket({ store, response, bucket }: BucketCall): Promise<void> {
  store.bucket(bucket)
  sendEmpty(response, 200)
}

/** DeleteBucket: an empty one only. Uploads in it that were never completed go along. */
export async function deleteBucket({ store, response, bucket }: BucketCall): Promise<void> {
  await store.commit({
    touches: 'everything',
    decide: () => {
      if (store.bucket(bucket).objects.size > 0) throw new S3Error('BucketNotEmpty')
      return [{ type: 'bucket-deleted', bucket }]
    },
  })
  sendEmpty(response, 204)
}

/** GetBucketLocation; empty stands for us-east-1. */
export async function getBucketLocation({ store, response, bucket }: BucketCall): Promise<void> {
  store.bucket(bucket)
  sendXml(response, 'LocationConstraint', [])
}

/** GetBucketVersioning: none was ever turned on. */
export async function getBucketVersioning({ store, response, bucket }: BucketCall): Promise<void> {
  store.bucket(bucket)
  sendXml(response, 'VersioningConfiguration', [])
}
