import { S3Error } from '../s3-error.ts'
import type { Store } from '../store/store.ts'
import type { StoredObject } from '../store/stored-object.ts'

/** @throws S3Error NoSuchBucket, NoSuchKey */
export function findObject(store: Store, bucket: string, key: string): StoredObject {
  const object = store.bucket(bucket).objects.get(key)
  if (!object) throw new S3Error('NoSuchKey')
  return object
}
