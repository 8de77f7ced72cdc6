import { startLocalLiveKit } from '@roomreel/local-livekit'
import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type Fate, type FaultGate, openFaultGate } from './fault-gate.ts'
import { type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const KEYS = { apiKey: 'devkey', apiSecret: 'secret' }
const PATIENT = { timeout: 60_000, interval: 20 }

let livekit: Awaited<ReturnType<typeof startLocalLiveKit>>
let gate: FaultGate

beforeAll(async () => {
  livekit = await startLocalLiveKit({ ...KEYS, port: 0 })
  gate = await openFaultGate(livekit.url)
})
beforeEach(() => {
  gate.rule(() => 'pass')
})
afterAll(async () => {
  await gate[Symbol.asyncDispose]()
  await livekit.close()
})

const start = (environment: Record<string, string> = {}): Promise<RunningProduct> =>
  runProduct({
    LIVEKIT_URL: gate.url,
    LIVEKIT_API_KEY: KEYS.apiKey,
    LIVEKIT_API_SECRET: KEYS.apiSecret,
    ...environment,
  })

const join = (product: RunningProduct): Promise<string> =>
  product
    .client()
    .rooms.join.mutate({ roomName: 'Shutdown', participantName: 'Ann' })
    .then(({ roomName }) => roomName)

const isListening = (product: RunningProduct): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(product.config.port, product.config.host)
    const answer = (is: boolean) => () => {
      socket.destroy()
      resolve(is)
    }
    socket.once('connect', answer(true))
    socket.once('error', answer(false))
  })

/** Holds somebody's joining at LiveKit. @returns a promise that it waits there, and what lets it go on */
function holdJoining(): { isHeld: Promise<unknown>; release: () => void } {
  const signals = new EventEmitter()
  const isHeld = once(signals, 'held')
  const released = once(signals, 'released')
  gate.rule(async (_method, path): Promise<Fate> => {
    if (!path.includes('CreateRoom')) return 'pass'
    signals.emit('held')
    await released
    return 'pass'
  })
  return { isHeld, release: () => signals.emit('released') }
}

it('whoever is being answered when the process is told to end gets that answer', async () => {
  await using product = await start()
  const { isHeld, release } = holdJoining()
  const joining = join(product)
  await isHeld
  const stopping = product.stop()
  await vi.waitFor(async () => expect(await isListening(product)).toBe(false), PATIENT)
  release()
  expect(await joining).toBe('Shutdown')
  await stopping
})

it('whoever comes while load balancers still send people here is served as ever', async () => {
  await using product = await start({ SHUTDOWN_DELAY_SECONDS: '3' })
  const since = performance.now()
  const stopping = product.stop()
  expect((await fetch(`${product.url}/readyz`)).status).toBe(503)
  let servedMs = 0
  while (await isListening(product)) {
    const isServed = await join(product).catch(() => false)
    if (isServed) servedMs = performance.now() - since
  }
  // The last who was let in came at the end of the three seconds
  expect(servedMs).toBeGreaterThan(2_000)
  await stopping
})

it('readers of events are sent away, and do not keep the process', async () => {
  await using product = await start()
  const { token } = await product.client().rooms.join.mutate({ roomName: 'Events', participantName: 'Ann' })
  const events = await fetch(`${product.url}/trpc/recordings.events`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  })
  expect(events.status).toBe(200)
  const stopping = product.stop()
  // To its end, which is no error
  expect(await events.text()).toContain('event: connected')
  await stopping
})

it('a player that has paused does not keep the process', async () => {
  await using product = await start({ RECORDING_PLAYBACK_STRATEGY: 'PROXY' })
  const recording = tutorialMetadata('Paused', 1)
  const client = s3Client(product.config)
  await store(client, product.config, recording, Buffer.alloc(50_000_000))
  client.destroy()
  const { url } = await (await product.admin()).recordings.playback.query({ recordingName: recording.name })
  const { body } = await fetch(product.url + url)
  await product.stop()
  await expect(body?.pipeTo(new WritableStream())).rejects.toThrow('terminated')
})
