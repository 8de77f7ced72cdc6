import { AccessToken } from 'livekit-server-sdk'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const entry = fileURLToPath(new URL('./livekit-process.js', import.meta.url))

const LiveKitStartedSchema = z.object({ url: z.string() })
/** What the process says once it listens. */
export type LiveKitStarted = z.infer<typeof LiveKitStartedSchema>

/** local-livekit in a process of its own. */
export interface LiveKit extends AsyncDisposable {
  readonly pid: number
  /** WebSocket URL for participants. */
  readonly url: string
  /** Makes the product use this LiveKit instead of one of its own; there is no recorder with it. */
  readonly environment: Readonly<Record<string, string>>
  readonly apiKey: string
  readonly apiSecret: string
  token(roomName: string, identity: string): Promise<string>
}

/** @throws Error when the process ends before it listens */
export async function startLiveKit(): Promise<LiveKit> {
  const [apiKey, apiSecret] = ['bench', randomBytes(24).toString('base64url')]
  const child = fork(entry, [apiKey, apiSecret])
  const exited = once(child, 'exit')
  const started = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
  const { pid } = child
  if (started === undefined || pid === undefined) throw new Error('local-livekit did not start.')
  const { url } = LiveKitStartedSchema.parse(started[0])
  return {
    pid,
    url: url.replace(/^http/, 'ws'),
    apiKey,
    apiSecret,
    environment: { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
    token(roomName, identity) {
      const token = new AccessToken(apiKey, apiSecret, { identity })
      token.addGrant({ roomJoin: true, room: roomName })
      return token.toJwt()
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect()
      await exited
    },
  }
}
