import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Stands between LiveKit and the application, for webhooks. */
export interface WebhookValve extends AsyncDisposable {
  /** Where LiveKit sends them. */
  readonly url: string
  /** What comes while it is shut is refused, as if the application were away. */
  isOpen: boolean
}

/** @param target the application's webhook route; asked for at each webhook */
export async function openWebhookValve(target: () => string): Promise<WebhookValve> {
  const take = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(incoming)
    if (!valve.isOpen) {
      response.writeHead(503).end()
      return
    }
    const { authorization = '', 'content-type': type = '' } = incoming.headers
    const headers = { authorization, 'content-type': type }
    const answer = await fetch(target(), { method: 'POST', headers, body })
    await answer.body?.cancel()
    response.writeHead(answer.status).end()
  }
  const server = createServer((incoming, response) => {
    // LiveKit tries again
    take(incoming, response).catch(() => incoming.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening')
  const valve: WebhookValve = {
    url: `http://127.0.0.1:${address.port}`,
    isOpen: true,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return valve
}
