import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  CHECKSUM_ALGORITHMS,
  checksumElement,
  checksumHeader,
  startChecksum,
} from '../body/checksum-algorithm.ts'
import { combineCrc, isCrc } from '../body/combine-crc.ts'
import { decodeXmlText, readXmlBody } from '../body/read-xml-body.ts'
import { headerOf, type S3Request } from '../http/s3-request.ts'
import { sendXml } from '../http/send.ts'
import { element, optionalElement } from '../http/xml.ts'
import { S3Error } from '../s3-error.ts'
import { touched } from '../store/store.ts'
import type { StoredChecksum, StoredObject, Upload, UploadPart } from '../store/stored-object.ts'
import type { OpenUpload } from '../store/store-state.ts'
import { findUpload } from './find-upload.ts'
import { writtenHeaders } from './object-headers.ts'
import type { ObjectCall } from './operation.ts'
import { checkWritePreconditions } from './preconditions.ts'

/** Of every part but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MIN_PART_BYTES = 5 * 1024 ** 2
const MAX_OBJECT_BYTES = 5 * 1024 ** 4
const MAX_PARTS = 10_000

const partSchema = z.object({
  PartNumber: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number),
  ETag: z.string(),
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
})
type NamedPart = z.infer<typeof partSchema>

const completeSchema = z.object({
  CompleteMultipartUpload: z.union([
    z.object({ Part: z.array(partSchema).max(MAX_PARTS) }),
    // What an element without children parses to
    z.literal('').transform(() => ({ Part: [] })),
  ]),
})

/**
 * CompleteMultipartUpload: the object appears and the upload ends in one step, however long ago the parts came. The
 * object consists of the parts' blobs; nothing is copied.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeMultipartUpload(call: ObjectCall): Promise<void> {
  const { request, response, store, bucket, key } = call
  const { upload } = findUpload(call)
  checkWritePreconditions(request, store.bucket(bucket).objects.get(key))
  const body = await readXmlBody(call, completeSchema)
  if (body.CompleteMultipartUpload.Part.length === 0)
    throw new S3Error('InvalidRequest', 'You must specify at least one part.')
  let object: StoredObject | undefined
  await store.commit({
    touches: [touched.upload(upload.id), touched.key(bucket, key)],
    decide: () => {
      const open = findUpload(call)
      checkWritePreconditions(request, store.bucket(bucket).objects.get(key))
      object = assemble(open, choose(open, body.CompleteMultipartUpload.Part), call.now())
      checkDeclared(request, object)
      return [{ type: 'upload-completed', uploadId: upload.id, bucket, key, object }]
    },
  })
  sendXml(
    response,
    'CompleteMultipartUploadResult',
    [
      element('Location', `http://${headerOf(request, 'host') ?? ''}/${bucket}/${key}`),
      element('Bucket', bucket),
      element('Key', key),
      ...optionalElement('ETag', object && `"${object.etag}"`),
      ...(object?.checksum
        ? [element(checksumElement(object.checksum.algorithm), object.checksum.value)]
        : []),
    ],
    object && writtenHeaders(object),
  )
}

/** The uploaded parts that the client names, in its order, which must be ascending. */
function choose(open: OpenUpload, named: readonly NamedPart[]): UploadPart[] {
  const isAscending = named.every((entry, at) => entry.PartNumber > (named[at - 1]?.PartNumber ?? 0))
  if (!isAscending) throw new S3Error('InvalidPartOrder')
  const chosen = named.map((entry) => {
    const part = open.parts.get(entry.PartNumber)
    const etag = decodeXmlText(entry.ETag).replace(/^"(.*)"$/, '$1')
    if (!part || part.etag !== etag || !checksumsAgree(entry, part, open.upload)) {
      throw new S3Error('InvalidPart', undefined, {
        details: { UploadId: open.upload.id, PartNumber: String(entry.PartNumber), ETag: etag },
      })
    }
    return part
  })
  const tooSmall = chosen.slice(0, -1).find(({ size }) => size < MIN_PART_BYTES)
  if (tooSmall) {
    throw new S3Error('EntityTooSmall', undefined, {
      details: {
        ProposedSize: String(tooSmall.size),
        MinSizeAllowed: String(MIN_PART_BYTES),
        PartNumber: String(tooSmall.number),
      },
    })
  }
  return chosen
}

/**
 * What a client repeats of a part's checksum must be what was verified when the part came. It must be repeated where the
 * upload was created with a checksum.
 */
function checksumsAgree(entry: NamedPart, part: UploadPart, { checksum }: Upload): boolean {
  if (checksum && entry[checksumElement(checksum.algorithm)] === undefined) return false
  return CHECKSUM_ALGORITHMS.every((algorithm) => {
    const value = entry[checksumElement(algorithm)]
    return value === undefined || (part.checksum?.algorithm === algorithm && part.checksum.value === value)
  })
}

function assemble({ upload }: OpenUpload, parts: readonly UploadPart[], nowMs: number): StoredObject {
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  if (size > MAX_OBJECT_BYTES) throw new S3Error('EntityTooLarge')
  const md5 = createHash('md5')
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'))
  const checksum = combineChecksums(upload, parts)
  return {
    contentType: upload.contentType,
    headers: upload.headers,
    metadata: upload.metadata,
    etag: `${md5.digest('hex')}-${parts.length}`,
    size,
    modifiedMs: nowMs,
    blobs: parts.map(({ blob }) => blob),
    ...(checksum && { checksum }),
  }
}

/**
 * A composite checksum is that of the parts' checksums, one of the full object follows from them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function combineChecksums({ checksum }: Upload, parts: readonly UploadPart[]): StoredChecksum | undefined {
  if (!checksum) return undefined
  const { algorithm, type } = checksum
  const values = parts.flatMap((part) =>
    part.checksum?.algorithm === algorithm
      ? [{ digest: Buffer.from(part.checksum.value, 'base64'), size: part.size }]
      : [],
  )
  // Parts that came before parts had to carry the checksum of their upload
  if (values.length !== parts.length) return undefined
  if (type === 'FULL_OBJECT' && isCrc(algorithm)) {
    let whole: Buffer = values[0]?.digest ?? Buffer.alloc(0)
    for (const { digest, size } of values.slice(1)) whole = combineCrc(algorithm, whole, digest, size)
    return { algorithm, type, value: whole.toString('base64') }
  }
  const running = startChecksum(algorithm)
  for (const { digest } of values) running.update(digest)
  return { algorithm, type: 'COMPOSITE', value: `${running.digest().toString('base64')}-${parts.length}` }
}

/** A checksum of the whole that the client sends along is compared where there is one to compare with. */
function checkDeclared(request: S3Request, { checksum, size }: StoredObject): void {
  const declaredSize = headerOf(request, 'x-amz-mp-object-size')
  if (declaredSize !== undefined && Number(declaredSize) !== size)
    throw new S3Error('InvalidRequest', 'The provided x-amz-mp-object-size does not match what was computed.')
  if (!checksum) return
  const declared = headerOf(request, checksumHeader(checksum.algorithm))
  const isOfWhole = headerOf(request, 'x-amz-checksum-type')?.toUpperCase() === checksum.type
  if (declared !== undefined && isOfWhole && declared !== checksum.value) throw new S3Error('BadDigest')
}
