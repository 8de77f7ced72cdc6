import { z } from 'zod'
import { readXmlBody } from '../body/read-xml-body.ts'
import { sendEmpty, sendXml } from '../http/send.ts'
import { element } from '../http/xml.ts'
import type { BucketCall } from './operation.ts'

const corsSchema = z.object({
  CORSConfiguration: z.object({ CORSRule: z.array(z.unknown()).min(1).max(100) }),
})

/** PutBucketCors: taken, so that set-up scripts run, but every origin is and stays allowed. */
export async function putBucketCors(call: BucketCall): Promise<void> {
  call.store.bucket(call.bucket)
  await readXmlBody(call, corsSchema)
  call.logger.warn({ bucket: call.bucket }, 'CORS rules are not enforced here: every origin stays allowed')
  sendEmpty(call.response, 200)
}

/** GetBucketCors: the rule that is in force. */
export async function getBucketCors({ store, response, bucket }: BucketCall): Promise<void> {
  store.bucket(bucket)
  sendXml(response, 'CORSConfiguration', [
    element('CORSRule', [
      element('AllowedOrigin', '*'),
      ...['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].map((method) => element('AllowedMethod', method)),
      element('AllowedHeader', '*'),
      element('ExposeHeader', 'ETag'),
      element('ExposeHeader', 'Content-Range'),
    ]),
  ])
}
