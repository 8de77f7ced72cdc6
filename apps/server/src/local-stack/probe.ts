import { HeadBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { ApiConfig } from '@roomreel/api'
import { connect } from 'node:net'
import { RoomServiceClient, ServerError } from 'livekit-server-sdk'

/** What stands at a port: nothing, what is needed, or something else. */
export type Occupant = 'nothing' | 'wanted' | 'other'

const PROBE_MS = 3_000

export async function probeLiveKit(config: ApiConfig['livekit']): Promise<Occupant> {
  if (!(await isListening(new URL(config.url)))) return 'nothing'
  try {
    const client = new RoomServiceClient(config.url, config.apiKey, config.apiSecret, {
      requestTimeout: PROBE_MS / 1000,
      failover: false,
    })
    await client.listRooms([''])
    return 'wanted'
  } catch (error) {
    // A LiveKit with other keys: it is not to be replaced, and the keys are found wrong when they are used
    return error instanceof ServerError && error.status === 401 ? 'wanted' : 'other'
  }
}

export async function probeS3(config: ApiConfig['s3']): Promise<Occupant> {
  if (!(await isListening(new URL(config.endpoint)))) return 'nothing'
  const client = new S3Client({
    endpoint: config.endpoint,
    region: config.region,
    forcePathStyle: true,
    credentials: { accessKeyId: config.accessKey, secretAccessKey: config.secretKey },
    requestHandler: { connectionTimeout: PROBE_MS, requestTimeout: PROBE_MS },
    maxAttempts: 1,
  })
  try {
    await client.send(new HeadBucketCommand({ Bucket: config.bucket }))
    return 'wanted'
  } catch (error) {
    // Every S3 gives its answers an id, also the one that there is no such bucket
    return error instanceof S3ServiceException && error.$metadata.requestId !== undefined ? 'wanted' : 'other'
  } finally {
    client.destroy()
  }
}

function isListening(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: portOf(url),
      timeout: PROBE_MS,
    })
    const answer = (isOpen: boolean) => () => {
      socket.destroy()
      resolve(isOpen)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
    socket.once('timeout', answer(false))
  })
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80
}

export function isLoopback(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(url.hostname)
}
