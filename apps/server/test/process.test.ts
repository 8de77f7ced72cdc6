import type { AppRouter } from '@roomreel/api'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startLocalS3 } from '@roomreel/local-s3'
import { freePort } from '@roomreel/tooling/free-port'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

/** The built process, as `npm start` runs it. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
/** The built page, as it serves it. */
const WEB_ROOT = fileURLToPath(new URL('../../web/dist/', import.meta.url))
/** A share link that looks like one. */
const NO_LINK = `${'a'.repeat(32)}.${'b'.repeat(43)}`
const WAIT = { timeout: 120_000 }

let dataDir: string
let environment: Record<string, string>
const children: ChildProcess[] = []

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'roomreel-process-'))
  const [server, livekit, s3] = [await freePort(), await freePort(), await freePort()]
  environment = {
    SERVER_PORT: String(server),
    LIVEKIT_URL: `http://127.0.0.1:${livekit}`,
    S3_ENDPOINT: `http://127.0.0.1:${s3}`,
    DATA_DIR: dataDir,
    LOG_FORMAT: 'json',
  }
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  }
  await rm(dataDir, { recursive: true, force: true })
})

interface Run {
  readonly child: ChildProcess
  /** All that it has printed. */
  readonly output: () => string
  readonly exit: () => Promise<number | null>
}

function run(changes: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...environment, ...changes },
    stdio: 'pipe',
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  return {
    child,
    output: () => output,
    async exit() {
      await exited
      return child.exitCode
    },
  }
}

const get = async (path: string) => fetch(`http://127.0.0.1:${environment['SERVER_PORT']}${path}`)

async function statusOf(path: string): Promise<number> {
  try {
    return (await get(path)).status
  } catch {
    // Nobody listens yet
    return 0
  }
}

/** Resolves when the process serves, and LiveKit, S3 and the recorder with it. */
async function ready({ child, output }: Run): Promise<void> {
  const state = async () => ((child.exitCode ?? child.signalCode) === null ? statusOf('/readyz') : output())
  await expect.poll(state, WAIT).toBe(200)
}

describe('the start', () => {
  it('tells the URL, the library and the password it has made, which only its owner can read', async () => {
    const first = run()
    const { output } = first
    await ready(first)
    await expect.poll(output, WAIT).toContain(`http://localhost:${environment['SERVER_PORT']}/recordings`)
    const password = (await readFile(join(dataDir, 'admin-password'), 'utf8')).trim()
    expect(output()).toContain(password)
    for (const file of ['admin-password', 'session-secret']) {
      expect((await stat(join(dataDir, file))).mode & 0o777).toBe(0o600)
    }
  })

  it('names every fault of the environment and ends with 1', async () => {
    const { exit, output } = run({ SERVER_PORT: 'x', RECORDING_PLAYBACK_STRATEGY: 'y' })
    expect(await exit()).toBe(1)
    expect(output()).toContain('SERVER_PORT must be a whole number')
    expect(output()).toContain('RECORDING_PLAYBACK_STRATEGY must be S3 or PROXY')
    expect(output()).not.toContain('    at ')
  })

  it.each([
    ['SERVER_PORT', 'SERVER_PORT'],
    ['LIVEKIT_URL', 'LIVEKIT_URL'],
    ['S3_ENDPOINT', 'S3_ENDPOINT'],
  ])('says which port is taken and that %s changes it, and ends with 1', async (variable, named) => {
    const value = environment[variable] ?? ''
    const port = /\d+$/.exec(value)?.[0] ?? ''
    const stranger = createServer((_request, response) => response.writeHead(404).end('something else'))
    await new Promise<void>((resolve) => stranger.listen(Number(port), '127.0.0.1', resolve))
    try {
      const { exit, output } = run()
      expect(await exit()).toBe(1)
      expect(output()).toContain(`Port ${port} is taken`)
      expect(output()).toContain(named)
    } finally {
      stranger.close()
    }
  })

  it('goes on without LiveKit and S3, says so, and recovers by itself', async () => {
    run({ LOCAL_STACK: 'off' })
    await expect.poll(() => statusOf('/healthz'), WAIT).toBe(200)
    const answer = await get('/readyz')
    expect(answer.status).toBe(503)
    expect(await answer.text()).toMatch(
      /"livekit":".*did not answer.*"s3":".*did not answer.*"egress":".*did not answer/,
    )

    await using s3 = await startLocalS3({
      dataDir: join(dataDir, 's3'),
      port: Number(new URL(environment['S3_ENDPOINT'] ?? '').port),
      accessKey: 'minioadmin',
      secretKey: 'minioadmin',
      buckets: ['openvidu-appdata'],
    })
    expect(s3.port).toBeGreaterThan(0)
    await expect.poll(async () => (await get('/readyz')).json(), WAIT).toMatchObject({ s3: 'ok' })
  })

  it('of a second one beside the first uses what the first has started', async () => {
    await ready(run())
    const port = String(await freePort())
    const second = run({ SERVER_PORT: port })
    await expect.poll(second.output, WAIT).toContain(`http://localhost:${port}`)
    expect(second.output()).not.toContain('Embedded')
  })
})

describe('Ctrl-C', () => {
  it('finishes the running recording first, so that it is there after the next start', async () => {
    const first = run()
    await ready(first)
    const url = `http://127.0.0.1:${environment['SERVER_PORT']}/trpc`
    const anonymous = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url })] })
    const { token } = await anonymous.rooms.join.mutate({ roomName: 'Late', participantName: 'Ann' })
    const headers = { authorization: `Bearer ${token}` }
    const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, headers })] })
    const { id } = await client.recordings.start.mutate({ roomName: 'Late' })
    await expect
      .poll(async () => (await client.recordings.list.query({})).items[0]?.status, WAIT)
      .toBe('STARTED')

    // As a terminal does it, perhaps twice
    first.child.kill('SIGINT')
    first.child.kill('SIGINT')
    expect(await first.exit()).toBe(0)

    await ready(run())
    const items = () => client.recordings.list.query({}).then((page) => page.items)
    await expect.poll(async () => (await items()).map((item) => item.id), WAIT).toEqual([id])
    // The first process may have ended before it wrote down how the recording had
    await expect.poll(async () => (await items())[0]?.status, WAIT).toMatch(/COMPLETE|ABORTED/)
    expect((await items())[0]?.size).toBeGreaterThan(0)
  })
})

describe('the log', () => {
  it('never tells what opens a door, at whatever level', async () => {
    const secrets = {
      LIVEKIT_API_SECRET: 'livekit-secret-that-must-not-show',
      S3_SECRET_KEY: 'storage-secret-that-must-not-show',
      ADMIN_PASSWORD: 'password-that-must-not-show',
      SESSION_SECRET: 'session-secret-that-must-not-show',
    }
    const tracing = run({ ...secrets, LOG_LEVEL: 'trace', RECORDING_PLAYBACK_STRATEGY: 'PROXY' })
    const { output } = tracing
    await ready(tracing)
    const url = `http://127.0.0.1:${environment['SERVER_PORT']}/trpc`
    const { token } = await createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url })],
    }).rooms.join.mutate({ roomName: 'Secret', participantName: 'Ann' })
    const headers = { authorization: `Bearer ${token}` }
    const client = createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, headers })] })
    await client.recordings.start.mutate({ roomName: 'Secret' })
    const items = () => client.recordings.list.query({}).then((page) => page.items)
    await expect.poll(async () => (await items())[0]?.status, WAIT).toBe('STARTED')
    await client.recordings.stop.mutate({ roomName: 'Secret' })
    await expect.poll(async () => (await items())[0]?.status, WAIT).toBe('COMPLETE')
    const playback = await client.recordings.playback.query({ recordingName: (await items())[0]?.name ?? '' })
    const ticket = new URLSearchParams(playback.url.split('?')[1]).get('ticket') ?? ''
    expect((await get(playback.url)).status).toBe(200)
    expect((await get(`/media/other.mp4?ticket=${ticket}`)).status).toBe(401)
    const login = await fetch(`${url}/session.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: secrets.ADMIN_PASSWORD }),
    })
    const cookie = /=([^;]+)/.exec(login.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
    const { url: link } = await client.recordings.share.mutate({
      recordingName: (await items())[0]?.name ?? '',
    })
    const shareToken = new URL(link).hash.slice(1)
    const entered = await fetch(`${url}/share.enter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ shareToken }),
    })
    const visit = /=([^;]+)/.exec(entered.headers.getSetCookie()[0] ?? '')?.[1] ?? ''
    expect((await get(new URL(link).pathname)).status).toBe(200)

    const opening = [...Object.values(secrets), token, ticket, cookie, shareToken, visit]
    expect(opening.every((secret) => secret.length > 20)).toBe(true)
    // The signature is what makes a token one
    const tails = opening.map((secret) => secret.split('.').at(-1) ?? secret)
    await expect.poll(output, WAIT).toContain('share.enter')
    const told = [output(), ...(await publicTexts())]
    expect(tails.filter((secret) => told.some((text) => text.includes(secret)))).toEqual([])
  })

  it('nor do errors, when LiveKit and S3 refuse', async () => {
    await ready(run())
    const port = String(await freePort())
    const secrets = {
      LIVEKIT_API_SECRET: 'another-livekit-secret-that-must-not-show',
      S3_SECRET_KEY: 'another-storage-secret-that-must-not-show',
      SESSION_SECRET: 'another-session-secret-that-must-not-show',
    }
    const refused = run({ ...secrets, SERVER_PORT: port, LOG_LEVEL: 'trace', LOCAL_STACK: 'off' })
    const answers: string[] = []
    const ask = async (path: string, init?: RequestInit) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, init).catch(() => undefined)
      answers.push((await answer?.text()) ?? '')
      return answer?.status
    }
    await expect.poll(() => ask('/readyz'), WAIT).toBe(503)
    const body = JSON.stringify({ roomName: 'Secret', participantName: 'Ann' })
    const headers = { 'content-type': 'application/json' }
    expect(await ask('/trpc/rooms.join', { method: 'POST', headers, body })).toBe(500)
    expect(
      await ask(`/trpc/share.open?input=${encodeURIComponent(JSON.stringify({ shareToken: NO_LINK }))}`),
    ).toBe(503)
    await ask('/metrics')
    await expect.poll(refused.output, WAIT).toContain('procedure failed')
    const told = [refused.output(), ...answers].join('')
    expect(Object.values(secrets).filter((secret) => told.includes(secret))).toEqual([])
  })
})

/** All that anybody can read without credentials: pages, what they load, and what operators look at. */
async function publicTexts(): Promise<string[]> {
  const textOf = async (path: string) => (await get(path)).text()
  const assets = (await readdir(join(WEB_ROOT, 'assets'))).map((name) => `/assets/${name}`)
  expect(assets.length).toBeGreaterThan(5)
  return Promise.all(['/', '/healthz', '/readyz', '/metrics', ...assets].map(textOf))
}
