import { verifiedBody, type BodySummary } from '../body/verified-body.ts'
import type { Blob } from '../store/stored-object.ts'
import type { Call } from './operation.ts'

/** The most one request can carry. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
export const MAX_PUT_BYTES = 5 * 1024 ** 3

/** A body on the disk, its bytes synced, which no record names yet. */
export interface ReceivedBlob {
  readonly blob: Blob
  readonly summary: BodySummary
}

/** Streams the body of a request to a new blob. Whoever does not commit it must discard it. */
export async function receiveBlob({ request, response, signature, store }: Call): Promise<ReceivedBlob> {
  const body = verifiedBody({ request, response, signature, maxBytes: MAX_PUT_BYTES })
  const { blob, result } = await store.blobs.write(body)
  return { blob, summary: result }
}
