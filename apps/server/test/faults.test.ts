import type { RecordingInfo } from '@roomreel/contracts'
import { startLocalS3 } from '@roomreel/local-s3'
import { freePort } from '@roomreel/tooling/free-port'
import { RoomServiceClient } from 'livekit-server-sdk'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'

const WAIT = { timeout: 120_000 }

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'roomreel-away-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function joinRoom(product: RunningProduct, roomName: string): Promise<Client> {
  const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  return product.participant(token)
}

async function metadataText(product: RunningProduct, roomName: string): Promise<string> {
  const { url, apiKey, apiSecret } = product.config.api.livekit
  const [room] = await new RoomServiceClient(url, apiKey, apiSecret).listRooms([roomName])
  return room?.metadata ?? ''
}

async function only(client: Client): Promise<RecordingInfo | undefined> {
  const { items } = await client.recordings.list.query({})
  expect(items.length).toBeLessThanOrEqual(1)
  return items[0]
}

/** A recording that has run for at least a second, so that there is something to keep. */
async function record(client: Client, roomName: string): Promise<void> {
  const before = new Set(await recorderPids())
  await client.recordings.start.mutate({ roomName })
  await expect.poll(async () => (await only(client))?.status, WAIT).toBe('STARTED')
  const startedAt = (await only(client))?.startedAt ?? 0
  await expect.poll(() => Date.now() - startedAt, WAIT).toBeGreaterThan(4_000)
  expect((await recorderPids()).some((pid) => !before.has(pid))).toBe(true)
}

async function expectPlayable(client: Client, recordingName: string): Promise<void> {
  const { url } = await client.recordings.playback.query({ recordingName })
  const head = Buffer.from(await (await fetch(url, { headers: { range: 'bytes=4-7' } })).arrayBuffer())
  // The first box of an MP4 (ISO/IEC 14496-12, section 4.3)
  expect(head.toString()).toBe('ftyp')
}

/** The recorder processes that this process has started. */
async function recorderPids(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const recorders = await Promise.all(
    pids.map(async (pid) => {
      try {
        const [status, command] = await Promise.all([
          readFile(`/proc/${pid}/status`, 'utf8'),
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
        ])
        return status.includes(`PPid:\t${process.pid}\n`) && command.includes('recorder-process')
          ? [Number(pid)]
          : []
      } catch {
        // It has ended since the folder was read
        return []
      }
    }),
  )
  return recorders.flat()
}

describe('a recorder that is killed', () => {
  it('leaves what it had recorded, in the library, and the room hears of it and can be recorded again', async () => {
    await using product = await runProduct()
    const client = await joinRoom(product, 'Killed')
    await record(client, 'Killed')
    for (const pid of await recorderPids()) process.kill(pid, 'SIGKILL')

    await expect.poll(async () => (await only(client))?.status, WAIT).toMatch(/ABORTED|FAILED/)
    const recording = await only(client)
    expect(recording?.duration).toBeGreaterThan(1)
    expect(recording?.error).toBeTruthy()
    await expectPlayable(client, recording?.name ?? '')
    await expect.poll(() => metadataText(product, 'Killed'), WAIT).toMatch(/"FAILED".*is saved/)
    await client.recordings.delete.mutate({ recordingNames: [recording?.name ?? ''] })

    await client.recordings.start.mutate({ roomName: 'Killed' })
    await expect.poll(async () => (await only(client))?.status, WAIT).toBe('STARTED')
    await client.recordings.stop.mutate({ roomName: 'Killed' })
    await expect.poll(async () => (await only(client))?.status, WAIT).toBe('COMPLETE')
  })
})

describe('an S3 that is away when a recording ends', () => {
  it('gets the file when it is back, and the library has it', async () => {
    // Is the last to go: those that are started after it write to it until they end
    await using folder = await temporaryFolder()
    const options = {
      dataDir: folder.path,
      port: await freePort(),
      accessKey: 'minioadmin',
      secretKey: 'minioadmin',
      buckets: ['openvidu-appdata'],
    }
    const s3 = await startLocalS3(options)
    await using product = await runProduct({ S3_ENDPOINT: s3.url })
    const client = await joinRoom(product, 'Away')
    await record(client, 'Away')

    await s3.close()
    // The stop itself gets through or not: the recording ends when its room does
    const { url, apiKey, apiSecret } = product.config.api.livekit
    await new RoomServiceClient(url, apiKey, apiSecret).deleteRoom('Away')
    await expect.poll(async () => (await fetch(`${product.url}/readyz`)).status, WAIT).toBe(503)
    await expect(client.recordings.get.query({ recordingName: 'any.mp4' })).rejects.toMatchObject({
      data: { code: 'SERVICE_UNAVAILABLE' },
    })

    await using back = await startLocalS3(options)
    expect(back.url).toBe(s3.url)
    await expect.poll(async () => (await only(client).catch(() => undefined))?.status, WAIT).toBe('COMPLETE')
    await expectPlayable(client, (await only(client))?.name ?? '')
  })
})
