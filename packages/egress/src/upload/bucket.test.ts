import { expect, test } from 'vitest'
import { Bucket, isRejection } from './bucket.ts'

const target = {
  endpoint: '',
  region: 'us-east-1',
  bucket: 'b',
  accessKey: 'k',
  secretKey: 's',
  sessionToken: '',
  forcePathStyle: false,
  metadata: {},
  tagging: '',
  contentDisposition: '',
}

test.each([
  [{}, 'https://b.s3.amazonaws.com/a/b%20c.mp4'],
  [{ endpoint: 'https://s3.example.org' }, 'https://b.s3.example.org/a/b%20c.mp4'],
  [{ endpoint: 'http://localhost:9000', forcePathStyle: true }, 'http://localhost:9000/b/a/b%20c.mp4'],
  [{ endpoint: 'minio.local', forcePathStyle: true }, 'https://minio.local/b/a/b%20c.mp4'],
])('with %j an object is at %s', (change, location) => {
  const bucket = new Bucket({ ...target, ...change })
  expect(bucket.locationOf('a/b c.mp4')).toBe(location)
  bucket.close()
})

test.each([
  [Object.assign(new Error('no'), { $metadata: { httpStatusCode: 403 } }), true],
  [Object.assign(new Error('no'), { $metadata: { httpStatusCode: 404 } }), true],
  [Object.assign(new Error('busy'), { $metadata: { httpStatusCode: 503 } }), false],
  [Object.assign(new Error('away'), { code: 'ECONNREFUSED' }), false],
  ['text', false],
])('%o is a rejection: %s', (error, expected) => {
  expect(isRejection(error)).toBe(expected)
})
