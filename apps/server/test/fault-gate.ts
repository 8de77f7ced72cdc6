import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { freePort } from '@roomreel/tooling/free-port'

/** What becomes of one request. `lose-answer`: it is carried out, and nobody hears of it. */
export type Fate = 'pass' | 'cut' | 'lose-answer'

/** A fate, and something that happens when the server has answered. */
export interface FateAndMore {
  readonly fate: Fate
  readonly onAnswered: () => void | Promise<void>
}

export type Rule = (
  method: string,
  path: string,
  body: string,
) => Fate | FateAndMore | Promise<Fate | FateAndMore>

/**
 * An HTTP reverse proxy in front of a real server. It changes nothing of what passes, not even the Host header:
 * signatures of S3 cover it.
 */
export interface FaultGate extends AsyncDisposable {
  /** http://host:port, for whoever is to go through the gate. */
  readonly url: string
  /** From now on every request goes as `decide` says. */
  rule(decide: Rule): void
}

/** @param target the real server's URL */
export async function openFaultGate(target: string): Promise<FaultGate> {
  const { hostname, port: targetPort } = new URL(target)
  let decide: Rule = () => 'pass'

  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/', headers } = incoming
    const body = await buffer(incoming)
    const decision = await decide(method, decodeURIComponent(path), body.toString())
    const { fate, onAnswered } =
      typeof decision === 'string' ? { fate: decision, onAnswered: undefined } : decision
    if (fate === 'cut') {
      incoming.socket.destroy()
      return
    }
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request({ hostname, port: targetPort, method, path, headers, agent: false }, resolve)
      outgoing.once('error', reject)
      outgoing.end(body)
    })
    const content = await buffer(answer)
    await onAnswered?.()
    if (fate === 'lose-answer') {
      incoming.socket.destroy()
      return
    }
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
    response.end(content)
  }

  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => {
      // One side has gone: the other is told in the same way
      incoming.socket.destroy()
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${port}`,
    rule(next) {
      decide = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
