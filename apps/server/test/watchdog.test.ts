import { PutObjectCommand } from '@aws-sdk/client-s3'
import { EgressInfo, EgressStatus, FileInfo } from '@livekit/protocol'
import type { RecordingInfo } from '@roomreel/contracts'
import {
  type EgressService,
  type LocalLiveKit,
  type StartEgressCall,
  startLocalLiveKit,
} from '@roomreel/local-livekit'
import { freePort } from '@roomreel/tooling/free-port'
import { RoomServiceClient } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client } from './stored-recordings.ts'

const WAIT = { timeout: 120_000 }

/** An Egress service that takes what it is given, and then says only what a test makes it say. */
interface SilentEgress extends EgressService {
  report(egressId: string, changes: Partial<EgressInfo>): Promise<void>
}

function silentEgress(livekit: LocalLiveKit): SilentEgress {
  const infos = new Map<string, EgressInfo>()
  return {
    async startEgress({ egressId, roomId, roomName, request }: StartEgressCall) {
      const filename = `recordings/${roomName}-${roomId}-2026-11-23T101112.mp4`
      const info = new EgressInfo({
        egressId,
        roomId,
        roomName,
        request,
        status: EgressStatus.EGRESS_STARTING,
        fileResults: [new FileInfo({ filename })],
      })
      infos.set(egressId, info)
      await livekit.egressIo.createEgress(info)
      return info
    },
    // As a worker that was killed: nobody answers
    stopEgress: () =>
      Promise.reject(Object.assign(new Error('request timed out'), { code: 'deadline_exceeded' })),
    async report(egressId, changes) {
      const info = infos.get(egressId)
      if (!info) throw new Error(`no egress ${egressId}`)
      Object.assign(info, changes)
      await livekit.egressIo.updateEgress(info)
    },
  }
}

let livekit: LocalLiveKit
let egress: SilentEgress
let product: RunningProduct
let rooms: RoomServiceClient
/** ms by which the application's clock is ahead. */
let ahead = 0

beforeAll(async () => {
  const port = await freePort()
  livekit = await startLocalLiveKit({
    apiKey: 'devkey',
    apiSecret: 'secret',
    webhookUrls: [`http://127.0.0.1:${port}/livekit/webhook`],
  })
  egress = silentEgress(livekit)
  livekit.bindEgress(egress)
  product = await runProduct(
    { SERVER_PORT: String(port), LIVEKIT_URL: livekit.url },
    () => Date.now() + ahead,
  )
  rooms = new RoomServiceClient(livekit.url, 'devkey', 'secret')
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
  await livekit.close()
})

async function start(roomName: string): Promise<{ client: Client; recording: RecordingInfo }> {
  const { token } = await product.client().rooms.join.mutate({ roomName, participantName: 'Ann' })
  const client = product.participant(token)
  return { client, recording: await client.recordings.start.mutate({ roomName }) }
}

/** The room's metadata, as text. */
async function roomSays(roomName: string): Promise<string | undefined> {
  const [room] = await rooms.listRooms([roomName])
  return room?.metadata
}

const ns = (ms: number) => BigInt(Math.round(ms)) * 1_000_000n
const only = async (client: Client) => (await client.recordings.list.query({})).items

describe('the watchdog', () => {
  it('tells the room of a recording that never gets going, and lets it be recorded again', async () => {
    const { client, recording } = await start('Never')
    await expect(client.recordings.start.mutate({ roomName: 'Never' })).rejects.toMatchObject({
      data: { code: 'CONFLICT' },
    })
    ahead += 31_000
    await expect.poll(() => roomSays('Never'), WAIT).toMatch(/"FAILED".*did not get going/)
    expect(await only(client)).toMatchObject([{ id: recording.id, status: 'ABORTED', size: 0 }])
    const again = await client.recordings.start.mutate({ roomName: 'Never' })
    expect(again.id).not.toBe(recording.id)
    expect(await roomSays('Never')).toContain('"STARTING"')
  })

  it('tells the room of a recording of which LiveKit knows nothing any more, and lets it be recorded again', async () => {
    const { token, roomId } = await product
      .client()
      .rooms.join.mutate({ roomName: 'Forgotten', participantName: 'Ann' })
    const now = Date.now() + ahead
    const times = { startedAt: now, updatedAt: now }
    const recording = { id: 'EG_forgotten', name: '', roomName: 'Forgotten', roomId, ...times }
    const claim = {
      state: 'held',
      roomName: 'Forgotten',
      roomId,
      layout: 'grid',
      requestedAt: now,
      expiresAt: now,
      recording: { ...recording, duration: 0, size: 0, status: 'STARTED' },
    }
    const s3 = s3Client(product.config)
    await s3.send(
      new PutObjectCommand({
        Bucket: product.config.api.s3.bucket,
        Key: `recordings/.claims/${roomId}.json`,
        Body: JSON.stringify(claim),
      }),
    )
    s3.destroy()
    await expect
      .poll(async () => {
        ahead += 3_000
        return roomSays('Forgotten')
      }, WAIT)
      .toMatch(/"FAILED".*The recorder stopped without a word/)
    const client = product.participant(token)
    expect((await client.recordings.start.mutate({ roomName: 'Forgotten' })).status).toBe('STARTING')
  })

  it('tells the room of a recorder that goes silent, and takes its file when it comes after all', async () => {
    const { client, recording } = await start('Silent')
    const startedAt = Date.now() + ahead
    const filename = `recordings/Silent-${recording.roomId}-2026-11-23T101112.mp4`
    await egress.report(recording.id, {
      status: EgressStatus.EGRESS_ACTIVE,
      startedAt: ns(startedAt),
      updatedAt: ns(startedAt + 10_000),
      fileResults: [new FileInfo({ filename, startedAt: ns(startedAt) })],
    })
    await expect.poll(() => roomSays('Silent'), WAIT).toContain('"STARTED"')
    // Long enough without a word, and then long enough for a second look
    ahead += 60_000
    await expect
      .poll(async () => {
        ahead += 3_000
        return roomSays('Silent')
      }, WAIT)
      .toMatch(/"FAILED".*The recorder does not answer any more/)
    expect(await only(client)).toMatchObject([{ id: recording.id, status: 'ABORTED', size: 0 }])

    const s3 = s3Client(product.config)
    await s3.send(
      new PutObjectCommand({
        Bucket: product.config.api.s3.bucket,
        Key: filename,
        Body: 'no MP4 at all',
      }),
    )
    s3.destroy()
    await egress.report(recording.id, {
      status: EgressStatus.EGRESS_COMPLETE,
      updatedAt: ns(startedAt + 20_000),
      endedAt: ns(startedAt + 20_000),
      fileResults: [new FileInfo({ filename, startedAt: ns(startedAt), size: 13n, duration: ns(20_000) })],
    })
    await expect
      .poll(() => only(client), WAIT)
      .toMatchObject([{ id: recording.id, status: 'COMPLETE', size: 13, check: 'damaged' }])
  })

  it('frees a room while the file of its stopped recording is being saved, and finishes that in its time', async () => {
    const { client, recording } = await start('Saving')
    const startedAt = Date.now() + ahead
    const report = (status: EgressStatus, size = 0n) =>
      egress.report(recording.id, {
        status,
        startedAt: ns(startedAt),
        updatedAt: ns(Date.now() + ahead),
        fileResults: [
          new FileInfo({
            filename: `recordings/Saving-${recording.roomId}-2026-11-23T101112.mp4`,
            startedAt: ns(startedAt),
            size,
          }),
        ],
      })
    await report(EgressStatus.EGRESS_ACTIVE)
    await report(EgressStatus.EGRESS_ENDING)
    await expect.poll(() => roomSays('Saving'), WAIT).toContain('"STOPPING"')
    ahead += 31_000
    await expect.poll(() => roomSays('Saving'), WAIT).toContain('"STOPPED"')
    expect(await only(client)).toMatchObject([{ id: recording.id, status: 'STOPPING' }])

    const next = await client.recordings.start.mutate({ roomName: 'Saving' })
    const s3 = s3Client(product.config)
    await s3.send(
      new PutObjectCommand({
        Bucket: product.config.api.s3.bucket,
        Key: `recordings/Saving-${recording.roomId}-2026-11-23T101112.mp4`,
        Body: 'saved',
      }),
    )
    s3.destroy()
    await report(EgressStatus.EGRESS_COMPLETE, 5n)
    await expect
      .poll(async () => (await only(client)).find(({ id }) => id === recording.id)?.status, WAIT)
      .toBe('COMPLETE')
    expect((await only(client)).map(({ id }) => id).toSorted()).toEqual([recording.id, next.id].toSorted())
    expect(await roomSays('Saving')).toMatch(new RegExp(`"STARTING".*"${next.id}"`))
  })
})
