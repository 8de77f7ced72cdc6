import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3'
import { type AuditEntry, AuditEntrySchema } from '@roomreel/contracts'
import { startLocalS3 } from '@roomreel/local-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultGate, openFaultGate } from './fault-gate.ts'
import { type Client, type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const WAIT = { timeout: 60_000 }
const FROM_ANN = { 'x-forwarded-for': '192.0.2.10' }

let dataDir: string
let s3Server: Awaited<ReturnType<typeof startLocalS3>>
let gate: FaultGate
let product: RunningProduct
let s3: S3Client
let admin: Client
let ann: Client
let annIdentity: string
let roomId: string

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'roomreel-audit-'))
  s3Server = await startLocalS3({
    dataDir,
    accessKey: 'minioadmin',
    secretKey: 'minioadmin',
    buckets: ['openvidu-appdata'],
  })
  gate = await openFaultGate(s3Server.url)
  product = await runProduct({ S3_ENDPOINT: gate.url, RECORDING_PLAYBACK_STRATEGY: 'PROXY' })
  s3 = s3Client(product.config)
  admin = await product.admin()
  const joined = await product
    .client(FROM_ANN)
    .rooms.join.mutate({ roomName: 'Board', participantName: 'Ann' })
  annIdentity = joined.identity
  roomId = joined.roomId
  ann = product.client({ ...FROM_ANN, authorization: `Bearer ${joined.token}` })
})
afterAll(async () => {
  gate.rule(() => 'pass')
  await product[Symbol.asyncDispose]()
  s3.destroy()
  await gate[Symbol.asyncDispose]()
  await s3Server.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function storeRecording(number: number): Promise<string> {
  const recording = tutorialMetadata('Board', number, roomId)
  await store(s3, product.config, recording, Buffer.from('a file'))
  return recording.name
}

/** As the bucket has it, without asking the product. */
async function stored(subject: string): Promise<AuditEntry[]> {
  const { bucket } = product.config.api.s3
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: `recordings/.audit/${subject}/` }),
  )
  const texts = await Promise.all(
    Contents.map(async ({ Key }) =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString(),
    ),
  )
  return texts.flatMap((text = '') =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => AuditEntrySchema.parse(JSON.parse(line))),
  )
}

const actionsOf = (entries: readonly AuditEntry[]) => entries.map(({ action }) => action)

describe('the audit log', () => {
  it('has who did what with a recording, from where, also when it is deleted', async () => {
    const recordingName = await storeRecording(1)
    await ann.recordings.playback.query({ recordingName })
    // The player goes on
    await ann.recordings.playback.query({ recordingName })
    await ann.recordings.playback.query({ recordingName, download: true })
    const { url, linkId } = await ann.recordings.share.mutate({ recordingName })
    const visitor = product.client({ 'x-forwarded-for': '198.51.100.7' })
    await visitor.share.open.query({ shareToken: new URL(url).hash.slice(1) })
    await admin.share.revoke.mutate({ recordingName, linkId })
    await expect(visitor.share.open.query({ shareToken: linkId })).rejects.toThrow('withdrawn')
    await ann.recordings.delete.mutate({ recordingNames: [recordingName] })

    const { entries, keptIn } = await admin.recordings.audit.query({ recordingName })
    expect(keptIn).toBe('s3')
    const byAnn = {
      actor: { kind: 'participant', identity: annIdentity, name: 'Ann' },
      address: '192.0.2.10',
      recordingName,
    }
    const visit = { actor: { kind: 'link', linkId }, address: '198.51.100.7', recordingName, linkId }
    expect(entries.toReversed()).toMatchObject([
      { ...byAnn, action: 'recording.played' },
      { ...byAnn, action: 'recording.downloaded' },
      { ...byAnn, action: 'share.created', linkId },
      { ...visit, action: 'recording.played' },
      { action: 'share.revoked', actor: { kind: 'admin' }, recordingName, linkId },
      { ...byAnn, action: 'recording.deleted' },
    ])
    expect(JSON.stringify(entries)).not.toContain(url.split('.').at(-1))
  })

  it('is for the admin alone', async () => {
    const recordingName = await storeRecording(2)
    for (const somebody of [ann, product.client()]) {
      await expect(somebody.recordings.audit.query({ recordingName })).rejects.toMatchObject({
        data: { code: 'UNAUTHORIZED' },
      })
    }
    await expect(admin.recordings.audit.query({ recordingName })).resolves.toMatchObject({ entries: [] })
  })

  it('has the log-ins, and those that failed', async () => {
    const guesser = product.client({ 'x-forwarded-for': '203.0.113.5' })
    await expect(guesser.session.login.mutate({ password: 'wrong' })).rejects.toThrow('not right')
    await expect
      .poll(async () => actionsOf(await stored('session')).toSorted(), WAIT)
      .toEqual(['session.login', 'session.login-failed'])
    const failed = (await stored('session')).find(({ action }) => action === 'session.login-failed')
    expect(failed).toMatchObject({ address: '203.0.113.5', actor: { kind: 'anonymous' } })
  })

  it('waits while it can not be written, and what it tells of does not', async () => {
    const recordingName = await storeRecording(3)
    let refused = 0
    gate.rule((method, path) => {
      if (method !== 'PUT' || !path.includes('/.audit/')) return 'pass'
      refused += 1
      return 'cut'
    })
    await ann.recordings.playback.query({ recordingName, download: true })
    const metrics = async () => (await fetch(`${product.url}/metrics`)).text()
    // Tried and given up, until the next time
    await expect.poll(metrics, WAIT).toMatch(/roomreel_audit_entries_total\{outcome="failed"\} [1-9]/)
    expect(refused).toBeGreaterThan(0)
    await ann.recordings.playback.query({ recordingName })
    expect(await stored(recordingName)).toEqual([])
    gate.rule(() => 'pass')
    await expect
      .poll(async () => actionsOf(await stored(recordingName)).toSorted(), WAIT)
      .toEqual(['recording.downloaded', 'recording.played'])
    expect(await metrics()).not.toContain('outcome="dropped"')
  })

  it('is written to its end when the process ends', async () => {
    const recordingName = await storeRecording(4)
    await using another = await runProduct({ S3_ENDPOINT: gate.url, RECORDINGS_PATH: 'recordings/' })
    const client = await another.admin()
    await client.recordings.playback.query({ recordingName })
    await another[Symbol.asyncDispose]()
    expect(actionsOf(await stored(recordingName))).toEqual(['recording.played'])
  })
})
