/**
 * How many webhooks of egresses does one replica take in a second, and what does each cost of S3?
 * No budget. A hundred rooms are recorded side by side, which the bench brings about by writing their claims; of each
 * recording come `egress_updated` and `egress_ended`, signed, the second when the first was accepted. Accepted is what was answered with 200, that is,
 * when what it says is stored. Requests to S3 are counted by the app itself, and include the look at the saved file
 * after the end. Beside it: how many small objects the same S3 takes in a second, as many at once. Checked afterwards:
 * every recording is in the list.
 */
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { AccessToken } from 'livekit-server-sdk'
import { createHash } from 'node:crypto'
import { ADMIN_ENVIRONMENT, adminOf } from '../admin.ts'
import { timeAll } from '../at-once.ts'
import { type LiveKit, startLiveKit } from '../meeting/livekit.ts'
import { type Client, dataFolder, type Product, startProduct } from '../product.ts'
import { readMetrics } from '../prometheus.ts'
import type { Question } from '../question.ts'
import { startS3 } from '../storage/s3.ts'

const ROOMS = 100
/** Recordings of each room, one after the other; the first round is the warm-up. */
const ROUNDS = 4
const EVENTS = [
  { event: 'egress_updated', status: 'EGRESS_ACTIVE' },
  { event: 'egress_ended', status: 'EGRESS_COMPLETE' },
] as const
/** How often a webhook is sent at most. */
const MAX_TIMES = 5
const FILE = Buffer.alloc(1_000, 'no film')

interface Room {
  readonly roomName: string
  readonly roomId: string
}

export const webhooks: Question = {
  name: 'webhooks',
  title: 'signed webhooks to one replica',
  async measure() {
    await using folder = await dataFolder()
    await using s3 = await startS3(`${folder.path}/s3`)
    await using livekit = await startLiveKit()
    await using product = await startProduct(folder.path, {
      environment: { ...s3.environment, ...livekit.environment, ...ADMIN_ENVIRONMENT },
    })
    const rooms: Room[] = []
    for (let number = 1; number <= ROOMS; number++) {
      const roomName = `Room ${number}`
      const { roomId } = await product.client().rooms.join.mutate({ roomName, participantName: 'Bench' })
      rooms.push({ roomName, roomId })
    }
    const put = (Key: string, Body: Buffer | string) =>
      s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body }))

    const accepted: number[] = []
    const requests: number[] = []
    const puts: number[] = []
    const repeated: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await timeAll(rooms, ROOMS, async (room) => {
        await put(pathOf(room, round), FILE)
        await put(`recordings/.claims/${room.roomId}.json`, claimOf(room, round))
      })
      const bodies = rooms.map((room) => bodiesOf(room, round))
      const before = (await readMetrics(product)).sum('roomreel_s3_call_seconds_count')
      let sent = 0
      const seconds = await timeAll(bodies, ROOMS, async (ofRoom) => {
        for (const body of ofRoom) {
          const times = await send(product, livekit, body)
          sent += times
        }
      })
      const calls = (await readMetrics(product)).sum('roomreel_s3_call_seconds_count') - before
      const raw = Array.from({ length: ROOMS * EVENTS.length }, (_, index) => `raw/${round}/${index}.json`)
      const rawSeconds = await timeAll(raw, ROOMS, (key) =>
        put(key, JSON.stringify({ key, text: 'x'.repeat(300) })),
      )
      if (round === 0) continue
      accepted.push((ROOMS * EVENTS.length) / seconds)
      requests.push(calls / (ROOMS * EVENTS.length))
      repeated.push(sent - ROOMS * EVENTS.length)
      puts.push(raw.length / rawSeconds)
    }
    await assertListed(await adminOf(product))
    return [
      { name: 'accepted', unit: '/s', values: accepted },
      { name: 'requests to S3 for each', unit: '', values: requests },
      { name: 'sent again after 503', unit: '', values: repeated },
      { name: 'PUTs of the same S3 alone', unit: '/s', values: puts },
    ]
  },
}

const pathOf = ({ roomName, roomId }: Room, round: number): string =>
  `recordings/${roomName}-${roomId}-round-${round}.mp4`

/** What the app writes when a recording was started. */
function claimOf(room: Room, round: number): string {
  const now = Date.now()
  return JSON.stringify({
    state: 'held',
    ...room,
    layout: 'grid',
    requestedAt: now,
    expiresAt: now,
    recording: {
      id: egressIdOf(room, round),
      name: '',
      ...room,
      startedAt: now,
      duration: 0,
      size: 0,
      status: 'STARTING',
      updatedAt: now - 1,
    },
  })
}

const egressIdOf = ({ roomId }: Room, round: number): string => `EG_${roomId}_${round}`

/** What LiveKit sends of one recording, in its protocol's JSON. */
function bodiesOf(room: Room, round: number): string[] {
  const egressId = egressIdOf(room, round)
  const filename = pathOf(room, round)
  const at = (seconds: number): string => String(BigInt(Date.now() + seconds * 1000) * 1_000_000n)
  return EVENTS.map(({ event, status }, index) => {
    const isEnd = index === EVENTS.length - 1
    return JSON.stringify({
      event,
      id: `EV_${egressId}_${index}`,
      createdAt: String(Math.floor(Date.now() / 1000)),
      egressInfo: {
        egressId,
        ...room,
        status,
        startedAt: at(0),
        updatedAt: at(index),
        ...(isEnd && { endedAt: at(index) }),
        roomComposite: { roomName: room.roomName, fileOutputs: [{ filepath: filename }] },
        fileResults: [
          {
            filename,
            startedAt: at(0),
            ...(isEnd && { duration: '60000000000', size: String(FILE.length) }),
          },
        ],
      },
    })
  })
}

/** As LiveKit does: sent again when the app can't take it now. @returns how often @throws Error when it is not accepted */
async function send(product: Product, livekit: LiveKit, body: string): Promise<number> {
  for (let times = 1; times <= MAX_TIMES; times++) if (await post(product, livekit, body)) return times
  throw new Error(`A webhook was not accepted in ${MAX_TIMES} times.`)
}

/** @returns whether it was accepted; false when it is to be sent again */
async function post(product: Product, { apiKey, apiSecret }: LiveKit, body: string): Promise<boolean> {
  const token = new AccessToken(apiKey, apiSecret, { ttl: '5m' })
  token.sha256 = createHash('sha256').update(body).digest('base64')
  const answer = await fetch(`${product.url}/livekit/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/webhook+json', authorization: await token.toJwt() },
    body,
  })
  const text = await answer.text()
  if (answer.status === 503) return false
  if (answer.status !== 200) throw new Error(`A webhook was answered with ${answer.status}: ${text}`)
  return true
}

/** @throws Error when recordings are missing that were said to be stored */
async function assertListed(admin: Client): Promise<void> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await admin.recordings.list.query({ limit: 100, ...(cursor !== undefined && { cursor }) })
    count += page.items.filter(({ status }) => status === 'COMPLETE').length
    cursor = page.nextCursor
  } while (cursor !== undefined)
  if (count !== ROOMS * ROUNDS) throw new Error(`Of ${ROOMS * ROUNDS} recordings ${count} are listed.`)
}
