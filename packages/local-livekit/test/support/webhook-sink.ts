import { createServer, type IncomingMessage } from 'node:http'
import { WebhookReceiver, type WebhookEvent } from 'livekit-server-sdk'
import { API_KEY, API_SECRET } from './server.ts'

/** A receiver of webhooks that checks each signature, as an application does. */
export interface WebhookSink {
  readonly url: string
  readonly events: WebhookEvent[]
  readonly contentTypes: string[]
  /** Raw bodies, also of attempts that were answered with an error. */
  readonly bodies: string[]
  /** Statuses for the next requests, in order; 200 when it is empty. */
  readonly answers: number[]
  /** Answers nobody until the function it returns is called. */
  hold(): () => void
  names(): string[]
  [Symbol.asyncDispose](): Promise<void>
}

export async function startWebhookSink(): Promise<WebhookSink> {
  const receiver = new WebhookReceiver(API_KEY, API_SECRET)
  const events: WebhookEvent[] = []
  const contentTypes: string[] = []
  const bodies: string[] = []
  const answers: number[] = []
  const faults: unknown[] = []
  let held = Promise.resolve()
  const answer = async (body: string, { headers }: IncomingMessage): Promise<number> => {
    bodies.push(body)
    contentTypes.push(headers['content-type'] ?? '')
    await held
    const status = answers.shift() ?? 200
    if (status !== 200) return status
    try {
      events.push(await receiver.receive(body, headers.authorization))
      return 200
    } catch (error) {
      faults.push(error)
      return 401
    }
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      void answer(Buffer.concat(chunks).toString(), request).then((status) =>
        response.writeHead(status).end(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`,
    events,
    contentTypes,
    bodies,
    answers,
    hold: () => {
      let release = (): void => undefined
      held = new Promise((resolve) => {
        release = resolve
      })
      return release
    },
    names: () => {
      if (faults.length > 0) throw new Error(`webhook refused: ${String(faults[0])}`)
      return events.map((event) => event.event)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
