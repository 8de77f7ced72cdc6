/** The process that reads files over HTTP as players do, so that reading is not counted with what is measured. */
import { setMaxListeners } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type Reading, type ReadersNews, ReadersRequestSchema } from './reader-messages.ts'

let bytes = 0
let requests = 0
let stop: () => Promise<void> = async () => undefined

process.on('message', (message) => {
  answer(message).catch(fail)
})
// The bench has ended, or wants this to end
process.on('disconnect', () => process.exit(0))

async function answer(message: unknown): Promise<void> {
  const request = ReadersRequestSchema.parse(message)
  switch (request.type) {
    case 'read':
      stop = read(request)
      break
    case 'count':
      tell({ type: 'counted', bytes, requests })
      break
    case 'stop':
      await stop()
      tell({ type: 'stopped' })
      break
  }
}

/** @returns ends all reading, wherever it is */
function read(reading: Reading): () => Promise<void> {
  ;[bytes, requests] = [0, 0]
  const agent = new Agent({ keepAlive: true })
  const stopping = new AbortController()
  // Every reader listens
  setMaxListeners(0, stopping.signal)
  const readers = Array.from({ length: reading.readers }, (_, index) =>
    readOn(reading, index, agent, stopping.signal).catch((error: unknown) => {
      if (!stopping.signal.aborted) fail(error)
    }),
  )
  return async () => {
    stopping.abort()
    await Promise.all(readers)
    agent.destroy()
  }
}

/** One reader: from its own place in the file to the end, then from the beginning, until it is stopped. */
async function readOn(reading: Reading, index: number, agent: Agent, signal: AbortSignal): Promise<void> {
  const { url, size, readers, rangeBytes, paceBytesPerSecond } = reading
  const startedAt = performance.now()
  let received = 0
  let place = 0
  if (rangeBytes !== undefined) {
    const ranges = Math.floor(size / rangeBytes)
    place = (Math.floor((index / readers) * ranges) % ranges) * rangeBytes
  }
  while (!signal.aborted) {
    const end = Math.min(size, place + (rangeBytes ?? size))
    received += await readOnce(url, { place, end, isWhole: rangeBytes === undefined }, agent, signal)
    place = end < size ? end : 0
    if (paceBytesPerSecond === undefined) continue
    const dueMs = startedAt + (received / paceBytesPerSecond) * 1000
    await delay(Math.max(0, dueMs - performance.now()), undefined, { signal })
  }
}

interface Wanted {
  readonly place: number
  /** The first byte after it. */
  readonly end: number
  readonly isWhole: boolean
}

function readOnce(
  url: string,
  { place, end, isWhole }: Wanted,
  agent: Agent,
  signal: AbortSignal,
): Promise<number> {
  const headers = isWhole ? {} : { range: `bytes=${place}-${end - 1}` }
  return new Promise((resolve, reject) => {
    const count = (response: IncomingMessage): void => {
      let received = 0
      response.on('data', (chunk: Buffer) => {
        received += chunk.length
        bytes += chunk.length
      })
      response.once('error', reject)
      response.once('end', () => {
        requests++
        if (response.statusCode === (isWhole ? 200 : 206) && received === end - place) resolve(received)
        else reject(new Error(`Status ${response.statusCode} with ${received} bytes of ${end - place}.`))
      })
    }
    get(url, { agent, headers, signal }, count).once('error', reject)
  })
}

function fail(error: unknown): void {
  tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
}

function tell(news: ReadersNews): void {
  process.send?.(news)
}
