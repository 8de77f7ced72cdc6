import { sendEmpty } from '../http/send.ts'
import { touched, type Store } from '../store/store.ts'
import type { ObjectCall } from './operation.ts'

/** A week, as the usual life cycle rule of a bucket has it. */
const MAX_UPLOAD_AGE_MS = 7 * 24 * 60 * 60_000

/**
 * AbortMultipartUpload. Aborting what is not there succeeds, as in MinIO.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
 */
export async function abortMultipartUpload(call: ObjectCall): Promise<void> {
  const { request, response, store, bucket, key } = call
  store.bucket(bucket)
  const id = request.query.get('uploadId') ?? ''
  await store.commit({
    touches: [touched.upload(id)],
    decide: () => {
      const upload = store.uploads.get(id)?.upload
      return upload?.bucket === bucket && upload.key === key ? [{ type: 'upload-aborted', uploadId: id }] : []
    },
  })
  sendEmpty(response, 204)
}

/**
 * Aborts uploads that nobody is going to finish.
 *
 * @returns how many
 */
export async function abortAbandonedUploads(store: Store, nowMs: number): Promise<number> {
  const abandoned = [...store.uploads.values()].filter(
    ({ upload }) => nowMs - upload.startedMs > MAX_UPLOAD_AGE_MS,
  )
  for (const { upload } of abandoned) {
    await store.commit({
      touches: [touched.upload(upload.id)],
      decide: () => (store.uploads.has(upload.id) ? [{ type: 'upload-aborted', uploadId: upload.id }] : []),
    })
  }
  return abandoned.length
}
