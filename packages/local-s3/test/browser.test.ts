import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUCKET, startTestServer, type TestServer } from './start-test-server.ts'

const ORIGIN = 'http://app.example'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'video.mp4', Body: 'x'.repeat(100) }))
})
afterAll(async () => server[Symbol.asyncDispose]())

describe('a page of another origin', () => {
  it('may read the object, its ETag and its range', async () => {
    const url = await getSignedUrl(server.s3, new GetObjectCommand({ Bucket: BUCKET, Key: 'video.mp4' }))
    const response = await fetch(url, { headers: { origin: ORIGIN, range: 'bytes=0-9' } })
    await response.arrayBuffer()
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
    const exposed = response.headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['ETag', 'Content-Range', 'Content-Length']))
  })

  it('may read why it was refused', async () => {
    const response = await fetch(`${server.url}/${BUCKET}/video.mp4`, { headers: { origin: ORIGIN } })
    await response.arrayBuffer()
    expect(response.status).toBe(403)
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN)
  })

  it('gets its preflight answered without a signature', async () => {
    const response = await fetch(`${server.url}/${BUCKET}/video.mp4`, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type,x-amz-meta-room',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-methods')).toBe('PUT')
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,x-amz-meta-room')
  })

  it('is served without CORS headers where it is none', async () => {
    const response = await fetch(`${server.url}/${BUCKET}/video.mp4`)
    await response.arrayBuffer()
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})
