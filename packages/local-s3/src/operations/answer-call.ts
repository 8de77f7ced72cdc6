import { headerOf, type S3Query } from '../http/s3-request.ts'
import { S3Error } from '../s3-error.ts'
import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { getBucketCors } from './bucket-cors.ts'
import { assertBucketName } from './bucket-name.ts'
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  getBucketVersioning,
  headBucket,
  listBuckets,
} from './buckets.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { copyObject } from './copy-object.ts'
import { createMultipartUpload } from './create-multipart-upload.ts'
import { deleteObject, deleteObjects } from './delete-object.ts'
import { getObject } from './get-object.ts'
import { getObjectAttributes } from './get-object-attributes.ts'
import { listMultipartUploads, listParts } from './list-multipart.ts'
import { listObjectsV1, listObjectsV2 } from './list-objects.ts'
import type { BucketCall, Call, ObjectCall, Operation } from './operation.ts'
import { putObject } from './put-object.ts'
import { uploadPartCopy } from './upload-part-copy.ts'
import { uploadPart } from './upload-part.ts'

/** Parameters that turn a request into another operation, and that would be dangerous to overlook. */
const SUBRESOURCES = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'cors',
  'delete',
  'encryption',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
] as const
type Subresource = (typeof SUBRESOURCES)[number]

/** Finds the operation that a request asks for by method, target and parameters, and runs it. */
export async function answerCall(call: Call): Promise<void> {
  const { bucket, key } = call.request
  if (bucket === undefined) {
    if (key !== undefined) throw new S3Error('InvalidBucketName')
    if (call.request.method !== 'GET') throw new S3Error('BadRequest')
    return listBuckets(call)
  }
  assertBucketName(bucket)
  if (key === undefined) return selectBucketOperation(call)({ ...call, bucket })
  return selectObjectOperation(call)({ ...call, bucket, key })
}

function selectBucketOperation({ request }: Call): Operation<BucketCall> {
  const { method, query } = request
  const listObjects = query.get('list-type') === '2' ? listObjectsV2 : listObjectsV1
  switch (`${method} ${subresourceOf(query)}`.trimEnd()) {
    case 'GET':
      return listObjects
    case 'HEAD':
      return headBucket
    case 'PUT':
      return createBucket
    case 'DELETE':
      return deleteBucket
    case 'GET location':
      return getBucketLocation
    case 'GET versioning':
      return getBucketVersioning
    case 'GET cors':
      return getBucketCors
    case 'GET uploads':
      return listMultipartUploads
    case 'POST delete':
      return deleteObjects
    default:
      throw unsupported(method, query)
  }
}

function selectObjectOperation({ request }: Call): Operation<ObjectCall> {
  const { method, query } = request
  const isCopy = headerOf(request, 'x-amz-copy-source') !== undefined
  switch (`${method} ${subresourceOf(query)}`.trimEnd()) {
    case 'GET':
    case 'HEAD':
    case 'GET partNumber':
    case 'HEAD partNumber':
      return getObject
    case 'GET attributes':
      return getObjectAttributes
    case 'PUT':
      return isCopy ? copyObject : putObject
    case 'DELETE':
      return deleteObject
    case 'POST uploads':
      return createMultipartUpload
    case 'PUT partNumber,uploadId':
      return isCopy ? uploadPartCopy : uploadPart
    case 'POST uploadId':
      return completeMultipartUpload
    case 'DELETE uploadId':
      return abortMultipartUpload
    case 'GET uploadId':
      return listParts
    default:
      throw unsupported(method, query)
  }
}

/** The parameters that decide about the operation, in alphabetical order. */
function subresourceOf(query: S3Query): string {
  const present: Subresource[] = SUBRESOURCES.filter((name) => query.has(name))
  // The only version of anything is `null`
  return present.filter((name) => !(name === 'versionId' && query.get(name) === 'null')).join(',')
}

function unsupported(method: string, query: S3Query): S3Error {
  const subresource = subresourceOf(query)
  return subresource === ''
    ? new S3Error('BadRequest', undefined, { details: { Method: method } })
    : new S3Error('NotImplemented', undefined, { details: { Method: method, Query: subresource } })
}
