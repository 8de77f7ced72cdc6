import { AccessToken, EgressClient, RoomServiceClient, type VideoGrant } from 'livekit-server-sdk'
import { startLocalLiveKit, type LocalLiveKit, type LocalLiveKitOptions } from '../../src/index.ts'

export const API_KEY = 'devkey'
export const API_SECRET = 'secret-secret-secret-secret-secret'

export interface TestServer extends LocalLiveKit {
  readonly rooms: RoomServiceClient
  readonly egress: EgressClient
  /** A token to join `room` as `identity`. */
  token(identity: string, room: string, grant?: VideoGrant): Promise<string>
}

export async function startServer(options: Partial<LocalLiveKitOptions> = {}): Promise<TestServer> {
  const server = await startLocalLiveKit({ apiKey: API_KEY, apiSecret: API_SECRET, ...options })
  return {
    ...server,
    rooms: new RoomServiceClient(server.url, API_KEY, API_SECRET),
    egress: new EgressClient(server.url, API_KEY, API_SECRET),
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
