import { startLiveKitServer } from '@roomreel/real-stack'
import { AccessToken } from 'livekit-server-sdk'
import { randomBytes } from 'node:crypto'
import type { LiveKit } from './livekit.ts'

/** The real livekit-server, to compare with. @throws Error when it is not installed */
export async function startRealLiveKit(): Promise<LiveKit> {
  const [apiKey, apiSecret] = ['bench', randomBytes(24).toString('base64url')]
  const server = await startLiveKitServer({ apiKey, apiSecret })
  return {
    pid: server.pid,
    url: server.url.replace(/^http/, 'ws'),
    apiKey,
    apiSecret,
    environment: { LIVEKIT_URL: server.url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
    token(roomName, identity) {
      const token = new AccessToken(apiKey, apiSecret, { identity })
      token.addGrant({ roomJoin: true, room: roomName })
      return token.toJwt()
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}
