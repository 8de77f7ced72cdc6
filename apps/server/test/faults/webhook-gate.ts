import { freePort } from '@roomreel/tooling/free-port'
import { AccessToken, WebhookEvent } from 'livekit-server-sdk'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A webhook on its way to the application. */
export interface Webhook {
  readonly event: WebhookEvent
  /**
   * Posts it, as often as wanted, each time with a fresh signature.
   * @param ageMs by how much it is to say that it is older than it is
   * @returns the status of the answer
   */
  deliver(applicationUrl: string, ageMs?: number): Promise<number>
}

/** @returns the status that LiveKit gets */
export type WebhookRoute = (webhook: Webhook) => Promise<number>

/** Where LiveKit sends its webhooks. What becomes of them is said for each room. */
export interface WebhookGate extends AsyncDisposable {
  readonly url: string
  /** Webhooks of rooms without a route are answered, and dropped. */
  route(roomName: string, route: WebhookRoute): void
}

/** @param keys with which LiveKit signs */
export async function openWebhookGate(keys: { apiKey: string; apiSecret: string }): Promise<WebhookGate> {
  const routes = new Map<string, WebhookRoute>()

  const sign = async (body: Buffer): Promise<string> => {
    const token = new AccessToken(keys.apiKey, keys.apiSecret, { ttl: '5m' })
    token.sha256 = createHash('sha256').update(body).digest('base64')
    return token.toJwt()
  }

  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming)
    const event = WebhookEvent.fromJsonString(body.toString(), { ignoreUnknownFields: true })
    const route = routes.get(event.egressInfo?.roomName ?? event.room?.name ?? '')
    const deliver = async (applicationUrl: string, ageMs = 0): Promise<number> => {
      const told = event.clone()
      told.createdAt -= BigInt(Math.floor(ageMs / 1_000))
      const text = Buffer.from(ageMs === 0 ? body : told.toJsonString())
      const answer = await fetch(`${applicationUrl}/livekit/webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/webhook+json', authorization: await sign(text) },
        body: text,
      })
      await answer.body?.cancel()
      return answer.status
    }
    const status = route ? await route({ event, deliver }) : 200
    response.writeHead(status).end()
  }

  const server = createServer((incoming, response) => {
    take(incoming, response).catch(() => {
      // As if the application had not answered: LiveKit tries again
      incoming.socket.destroy()
    })
  })
  const port = await freePort()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port}`,
    route(roomName, route) {
      routes.set(roomName, route)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
