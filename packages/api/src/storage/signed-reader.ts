import * as http from 'node:http'
import * as https from 'node:https'
import { createRecent } from './recent.ts'

/** URLs that are kept; each is a few hundred bytes. */
const MAX_URLS = 1_000
const URL_SECONDS = 3_600
/** ms before its end from which on a URL is signed anew. */
const RENEWAL_MS = 600_000

export interface SignedReaderOptions {
  /** @returns a URL that reads this object for so many seconds from now */
  readonly sign: (key: string, expiresInSeconds: number) => Promise<string>
  /** ms that S3 may take to begin its answer. */
  readonly patienceMs: number
}

/**
 * Reads objects by URLs that are signed once an hour, with nothing but Node's HTTP client in between: for a MiB of a
 * file, which is what players ask for at a time, the SDK takes as much of the processor as sending it does. Only what
 * goes as it should is answered here.
 */
export interface SignedReader {
  /**
   * @param headers `If-Match`, `Range`; signatures of URLs do not cover them
   * @returns S3's answer with the status 200 or 206; `gone` for 404 and 412; undefined when somebody has to ask who
   *   tries again and knows errors, that is the SDK
   * @throws the signal's reason
   */
  read(
    key: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage | 'gone' | undefined>
  /** Ends what is being read. */
  destroy(): void
}

export function createSignedReader({ sign, patienceMs }: SignedReaderOptions): SignedReader {
  // One connection for each player; how many those are is limited by the connections that the server takes
  const agents = { http: new http.Agent({ keepAlive: true }), https: new https.Agent({ keepAlive: true }) }
  const urls = createRecent<{ readonly url: URL; readonly renewAtMs: number }>(MAX_URLS)

  const urlOf = async (key: string): Promise<URL> => {
    const known = urls.get(key)
    // The system's clock: it is the one that signatures are made and checked by
    if (known && Date.now() < known.renewAtMs) return known.url
    const renewAtMs = Date.now() + URL_SECONDS * 1000 - RENEWAL_MS
    const url = new URL(await sign(key, URL_SECONDS))
    urls.set(key, { url, renewAtMs })
    return url
  }

  const ask = (
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const options = { headers, signal, timeout: patienceMs }
      const request =
        url.protocol === 'https:'
          ? https.request(url, { ...options, agent: agents.https })
          : http.request(url, { ...options, agent: agents.http })
      const giveUp = (): void => {
        request.destroy(new Error(`The storage has not answered within ${patienceMs} ms.`))
      }
      request.once('timeout', giveUp)
      request.once('response', (answer) => {
        request.removeListener('timeout', giveUp)
        resolve(answer)
      })
      request.once('error', reject)
      request.end()
    })

  return {
    async read(key, headers, signal) {
      let answer: http.IncomingMessage
      try {
        answer = await ask(await urlOf(key), headers, signal)
      } catch {
        signal.throwIfAborted()
        // Most likely a connection that S3 has closed between two parts. Whatever it is, the SDK will find it, too
        return undefined
      }
      const { statusCode = 0 } = answer
      if (statusCode === 200 || statusCode === 206) return answer
      answer.resume()
      if (statusCode === 404 || statusCode === 412) return 'gone'
      urls.set(key, undefined)
      return undefined
    },
    destroy() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}
