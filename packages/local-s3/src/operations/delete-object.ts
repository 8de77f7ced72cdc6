import { z } from 'zod'
import { declaredDigests } from '../body/declared-digests.ts'
import { decodeXmlText, readXmlBody } from '../body/read-xml-body.ts'
import { headerOf } from '../http/s3-request.ts'
import { sendEmpty, sendXml } from '../http/send.ts'
import { element, optionalElement, type XmlElement } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { touched, type Store } from '../store/store.ts'
import type { BucketCall, ObjectCall } from './operation.ts'
import { etagMatches } from './preconditions.ts'

const MAX_KEYS_PER_REQUEST = 1000

/** DeleteObject; deleting what is not there succeeds. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export async function deleteObject({ request, response, store, bucket, key }: ObjectCall): Promise<void> {
  await removeObject(store, bucket, key, headerOf(request, 'if-match'))
  sendEmpty(response, 204)
}

const deleteSchema = z.object({
  Delete: z.object({
    Quiet: z.enum(['true', 'false']).optional(),
    Object: z
      .array(
        z.object({ Key: z.string().min(1), ETag: z.string().optional(), VersionId: z.string().optional() }),
      )
      .min(1)
      .max(MAX_KEYS_PER_REQUEST),
  }),
})

/** DeleteObjects: each key for itself. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export async function deleteObjects(call: BucketCall): Promise<void> {
  const { store, bucket, response } = call
  store.bucket(bucket)
  const { md5, checksum } = declaredDigests(call.request)
  if (md5 === undefined && checksum === undefined) throw new S3Error('MissingContentMD5')
  const { Delete: wanted } = await readXmlBody(call, deleteSchema)
  const outcomes = await Promise.all(
    wanted.Object.map(async (entry): Promise<XmlElement[]> => {
      const key = decodeXmlText(entry.Key)
      try {
        if (entry.VersionId !== undefined && entry.VersionId !== 'null')
          throw new S3Error('NotImplemented', 'Versions are not supported.')
        await removeObject(store, bucket, key, entry.ETag && decodeXmlText(entry.ETag))
        return wanted.Quiet === 'true'
          ? []
          : [element('Deleted', [element('Key', key), ...optionalElement('VersionId', entry.VersionId)])]
      } catch (thrown) {
        const error = S3Error.from(thrown)
        if (error.status >= 500) call.logger.error({ err: thrown, key }, 'could not delete an object')
        return [
          element('Error', [
            element('Key', key),
            element('Code', error.code),
            element('Message', error.message),
          ]),
        ]
      }
    }),
  )
  sendXml(response, 'DeleteResult', outcomes.flat())
}

async function removeObject(
  store: Store,
  bucket: string,
  key: string,
  ifMatch: string | undefined,
): Promise<void> {
  await store.commit({
    touches: [touched.key(bucket, key)],
    decide: () => {
      const current = store.bucket(bucket).objects.get(key)
      if (ifMatch !== undefined && !current) throw new S3Error('NoSuchKey')
      if (ifMatch !== undefined && current && !etagMatches(ifMatch, current.etag))
        throw new S3Error('PreconditionFailed', undefined, { details: { Condition: 'If-Match' } })
      return current ? [{ type: 'object-deleted', bucket, key }] : []
    },
  })
}
