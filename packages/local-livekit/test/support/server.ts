import { isRealWorld, startLiveKitServer, startRedisServer } from '@roomreel/real-stack'
import { AccessToken, EgressClient, RoomServiceClient, type VideoGrant } from 'livekit-server-sdk'
import { startLocalLiveKit, type LocalLiveKit, type LocalLiveKitOptions } from '../../src/index.ts'

export const API_KEY = 'devkey'
export const API_SECRET = 'secret-secret-secret-secret-secret'

/** A LiveKit as its clients know it. */
export interface TestServer extends AsyncDisposable {
  /** `http://host:port` */
  readonly url: string
  readonly rooms: RoomServiceClient
  readonly egress: EgressClient
  /** A token to join `room` as `identity`. */
  token(identity: string, room: string, grant?: VideoGrant): Promise<string>
  close(): Promise<void>
}

/** With what only the embedded one has. */
export type LocalTestServer = LocalLiveKit & TestServer

/** The embedded one, whatever the world. */
export async function startLocalServer(options: Partial<LocalLiveKitOptions> = {}): Promise<LocalTestServer> {
  const server = await startLocalLiveKit({ apiKey: API_KEY, apiSecret: API_SECRET, ...options })
  return { ...server, ...clientsOf(server.url) }
}

/**
 * The embedded LiveKit; in the real world livekit-server, to which options that only hasten the embedded one mean
 * nothing.
 */
export async function startServer(options: Partial<LocalLiveKitOptions> = {}): Promise<TestServer> {
  if (!isRealWorld()) return startLocalServer(options)
  const redis = await startRedisServer()
  const { webhookUrls, emptyTimeoutSeconds, departureTimeoutSeconds } = options
  const server = await startLiveKitServer({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    redisPort: redis.port,
    ...(webhookUrls && { webhookUrls }),
    ...(emptyTimeoutSeconds !== undefined && { emptyTimeoutSeconds }),
    ...(departureTimeoutSeconds !== undefined && { departureTimeoutSeconds }),
  })
  const close = async (): Promise<void> => {
    await server.stop()
    await redis.stop()
  }
  return { url: server.url, ...clientsOf(server.url), close, [Symbol.asyncDispose]: close }
}

function clientsOf(url: string): Pick<TestServer, 'rooms' | 'egress' | 'token'> {
  return {
    rooms: new RoomServiceClient(url, API_KEY, API_SECRET),
    egress: new EgressClient(url, API_KEY, API_SECRET),
    token,
  }
}

export async function token(identity: string, room: string, grant: VideoGrant = {}): Promise<string> {
  const accessToken = new AccessToken(API_KEY, API_SECRET, {
    identity,
    name: `${identity}'s name`,
    ttl: '1h',
  })
  accessToken.addGrant({ roomJoin: true, room, ...grant })
  if (grant.recorder) accessToken.kind = 'egress'
  return accessToken.toJwt()
}
