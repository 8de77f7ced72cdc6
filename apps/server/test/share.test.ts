import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import type { OpenShareOutput } from '@roomreel/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const FILE = Buffer.from('a file')
const DAY = 24 * 60 * 60
const SESSION_SECRET = 'one secret that both replicas know'

let now = Date.now()
let product: RunningProduct
let s3: S3Client
let admin: Client
/** Somebody in the session that was recorded. */
let ann: Client
let recordingName: string

beforeAll(async () => {
  product = await runProduct({ RECORDING_PLAYBACK_STRATEGY: 'PROXY', SESSION_SECRET }, () => now)
  s3 = s3Client(product.config)
  admin = await product.admin()
  const joined = await product.client().rooms.join.mutate({ roomName: 'Board', participantName: 'Ann' })
  ann = product.participant(joined.token)
  recordingName = await storeRecording(1, joined.roomId)
})
afterAll(async () => {
  s3.destroy()
  await product[Symbol.asyncDispose]()
})

async function storeRecording(number: number, roomId: string, roomName = 'Board'): Promise<string> {
  const recording = tutorialMetadata(roomName, number, roomId)
  await store(s3, product.config, recording, FILE)
  return recording.name
}

const tokenOf = ({ url }: { url: string }) => new URL(url).hash.slice(1)

/** Enters a link as the page does. */
async function enter(shareToken: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${product.url}/trpc/share.enter`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ shareToken }),
  })
}

const open = (shareToken: string, cookie?: string): Promise<OpenShareOutput> =>
  product.client(cookie === undefined ? {} : { cookie }).share.open.query({ shareToken })

const failsWith = (code: string) => ({ data: { code } })

async function linkObjects(): Promise<string[]> {
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({
      Bucket: product.config.api.s3.bucket,
      Prefix: `${product.config.api.recordingsPath}.shares/`,
    }),
  )
  return Contents.map(({ Key = '' }) => Key)
}

describe('a share link', () => {
  it('opens one recording without any login; what opens it is kept nowhere', async () => {
    const link = await ann.recordings.share.mutate({ recordingName })
    const token = tokenOf(link)
    expect(new URL(link.url).pathname).toBe('/s/')
    const opened = await open(token)
    expect(opened).toMatchObject({ recording: { name: recordingName }, mayDownload: false })
    const answer = await fetch(product.url + opened.url)
    expect(answer.headers.get('content-disposition')).toBe('inline')
    expect(await answer.text()).toBe('a file')

    const keys = await linkObjects()
    const Key = keys.find((key) => key.includes(link.linkId))
    const object = await s3.send(new GetObjectCommand({ Bucket: product.config.api.s3.bucket, Key }))
    const secret = token.split('.')[1] ?? ''
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(`${keys.join()}${await object.Body?.transformToString()}`).not.toContain(secret)
  })

  it('is entered once, and opened by a cookie from then on', async () => {
    const token = tokenOf(await ann.recordings.share.mutate({ recordingName }))
    const linkId = token.split('.')[0] ?? ''
    const [cookie = ''] = (await enter(token)).headers.getSetCookie()
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).toMatch(/Max-Age=3600/)
    expect(cookie).not.toContain(token.split('.')[1])
    const visit = cookie.split(';')[0] ?? ''
    expect((await open(linkId, visit)).recording.name).toBe(recordingName)
    await expect(open(linkId)).rejects.toMatchObject(failsWith('UNAUTHORIZED'))

    const another = (await ann.recordings.share.mutate({ recordingName })).linkId
    await expect(open(another, visit.replace(linkId, another))).rejects.toMatchObject(
      failsWith('UNAUTHORIZED'),
    )
    const renewed = await fetch(
      `${product.url}/trpc/share.open?input=${encodeURIComponent(JSON.stringify({ shareToken: linkId }))}`,
      { headers: { cookie: visit } },
    )
    expect(renewed.headers.getSetCookie()[0]).toContain('Max-Age=3600')
    expect((await enter(token, { origin: 'https://evil.example' })).status).toBe(403)
  })

  it('leaves a browser with the cookies of its last visits alone', async () => {
    const token = tokenOf(await ann.recordings.share.mutate({ recordingName }))
    const old = Array.from({ length: 9 }, (_, index) => `roomreel_share_${index}=x`)
    const answer = await enter(token, { cookie: old.join('; ') })
    const cleared = answer.headers.getSetCookie().filter((cookie) => cookie.includes('01 Jan 1970'))
    expect(cleared.map((cookie) => cookie.split('=')[0])).toEqual(['roomreel_share_0', 'roomreel_share_1'])
  })

  it('that only plays gives nothing to save', async () => {
    const shareToken = tokenOf(await ann.recordings.share.mutate({ recordingName }))
    const { url, mayDownload } = await open(shareToken)
    expect(mayDownload).toBe(false)
    expect((await fetch(`${product.url}${url}&download=1`)).status).toBe(403)
    expect((await fetch(product.url + url.replace('?', '/thumbnail?'))).status).toBe(403)
    await expect(product.client().share.open.query({ shareToken, download: true })).rejects.toMatchObject(
      failsWith('FORBIDDEN'),
    )
  })

  it('that saves gives the file to save, too', async () => {
    const shareToken = tokenOf(await ann.recordings.share.mutate({ recordingName, mayDownload: true }))
    const toWatch = await open(shareToken)
    expect(toWatch.mayDownload).toBe(true)
    expect((await fetch(product.url + toWatch.url)).headers.get('content-disposition')).toBe('inline')
    const toSave = await product.client().share.open.query({ shareToken, download: true })
    expect((await fetch(product.url + toSave.url.replace('&download=1', ''))).status).toBe(403)
    const answer = await fetch(product.url + toSave.url)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(await answer.text()).toBe('a file')
  })

  it('opens nothing when it was changed', async () => {
    const one = tokenOf(await ann.recordings.share.mutate({ recordingName }))
    const two = tokenOf(await ann.recordings.share.mutate({ recordingName }))
    const [linkId = '', secret = ''] = one.split('.')
    const tampered = [
      linkId,
      `${linkId}.`,
      `${linkId}.${secret.slice(1)}`,
      `${linkId}.${two.split('.')[1] ?? ''}`,
      `${linkId}.${secret}.x`,
      `../../.metadata/x.${secret}`,
      secret,
    ]
    for (const shareToken of tampered) {
      await expect(open(shareToken)).rejects.toMatchObject(failsWith('UNAUTHORIZED'))
    }
    expect((await open(`/s/#${one}`)).recording.name).toBe(recordingName)
  })

  it('that was revoked opens nothing, neither anew nor for who has entered it', async () => {
    const link = await ann.recordings.share.mutate({ recordingName })
    const visit = (await enter(tokenOf(link))).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    await open(link.linkId, visit)
    // Another participant, or the admin, may revoke it, too
    await admin.share.revoke.mutate({ recordingName, linkId: link.linkId })
    await expect(open(link.linkId, visit)).rejects.toMatchObject(failsWith('NOT_FOUND'))
    await expect(open(tokenOf(link))).rejects.toMatchObject(failsWith('NOT_FOUND'))
    await admin.share.revoke.mutate({ recordingName, linkId: link.linkId })
  })

  it('is the same on every replica, from the moment it is made to the moment it is revoked', async () => {
    const { s3: storage, livekit } = product.config.api
    await using another = await runProduct(
      { SESSION_SECRET, S3_ENDPOINT: storage.endpoint, LIVEKIT_URL: livekit.url },
      () => now,
    )
    const link = await ann.recordings.share.mutate({ recordingName })
    const visit = (await enter(tokenOf(link))).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const elsewhere = () => another.client({ cookie: visit }).share.open.query({ shareToken: link.linkId })
    expect((await elsewhere()).recording.name).toBe(recordingName)
    await ann.share.revoke.mutate({ recordingName, linkId: link.linkId })
    await expect(elsewhere()).rejects.toMatchObject(failsWith('NOT_FOUND'))
  })

  it('is listed until it has expired, without what opens it', async () => {
    const other = await storeRecording(2, 'RM_listed')
    const short = await admin.recordings.share.mutate({ recordingName: other, expiresInSeconds: 60 })
    now += 1_000
    const long = await admin.recordings.share.mutate({
      recordingName: other,
      expiresInSeconds: DAY,
      mayDownload: true,
    })
    const { links } = await admin.share.list.query({ recordingName: other })
    expect(links).toEqual([
      {
        linkId: long.linkId,
        recordingName: other,
        mayDownload: true,
        createdAt: now,
        expiresAt: long.expiresAt,
        createdBy: { kind: 'admin' },
      },
      expect.objectContaining({ linkId: short.linkId, expiresAt: short.expiresAt }),
    ])
    expect(long.expiresAt).toBe(now + DAY * 1_000)

    const { url, expiresAt } = await open(tokenOf(short))
    expect(expiresAt).toBe(short.expiresAt)
    now = short.expiresAt
    await expect(open(tokenOf(short))).rejects.toMatchObject(failsWith('UNAUTHORIZED'))
    expect((await fetch(product.url + url)).status).toBe(401)
    const left = await admin.share.list.query({ recordingName: other })
    expect(left.links.map(({ linkId }) => linkId)).toEqual([long.linkId])
    // The next one makes room
    await admin.recordings.share.mutate({ recordingName: other })
    expect((await linkObjects()).filter((key) => key.includes(short.linkId))).toEqual([])
  })

  it("is nobody else's to make, list or revoke", async () => {
    const { linkId } = await ann.recordings.share.mutate({ recordingName })
    const joined = await product.client().rooms.join.mutate({ roomName: 'Elsewhere', participantName: 'Eve' })
    const eve = product.participant(joined.token)
    const own = await storeRecording(3, joined.roomId, 'Elsewhere')
    await expect(eve.recordings.share.mutate({ recordingName })).rejects.toMatchObject(failsWith('NOT_FOUND'))
    await expect(eve.share.list.query({ recordingName })).rejects.toMatchObject(failsWith('NOT_FOUND'))
    await expect(eve.share.revoke.mutate({ recordingName, linkId })).rejects.toMatchObject(
      failsWith('NOT_FOUND'),
    )
    await eve.share.revoke.mutate({ recordingName: own, linkId })
    const { links } = await ann.share.list.query({ recordingName })
    expect(links.map((link) => link.linkId)).toContain(linkId)
    expect(links.find((link) => link.linkId === linkId)?.createdBy).toMatchObject({ name: 'Ann' })
  })

  it('goes with its recording', async () => {
    const doomed = await storeRecording(4, 'RM_doomed')
    const link = await admin.recordings.share.mutate({ recordingName: doomed })
    const token = tokenOf(link)
    expect((await linkObjects()).some((key) => key.includes(link.linkId))).toBe(true)
    await admin.recordings.delete.mutate({ recordingNames: [doomed] })
    expect((await linkObjects()).some((key) => key.includes(link.linkId))).toBe(false)
    await expect(open(token)).rejects.toMatchObject(failsWith('NOT_FOUND'))
  })
})
