import { readFile } from 'node:fs/promises'
import { startLocalS3 } from '@roomreel/local-s3'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultGate, openFaultGate } from './fault-gate.ts'
import { type RunningProduct, runProduct } from './running-product.ts'
import { s3Client, store, tutorialMetadata } from './stored-recordings.ts'

const WAIT = { timeout: 120_000 }

let dataDir: string
let s3: Awaited<ReturnType<typeof startLocalS3>>
let gate: FaultGate
let product: RunningProduct

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'roomreel-metrics-'))
  s3 = await startLocalS3({
    dataDir,
    accessKey: 'minioadmin',
    secretKey: 'minioadmin',
    buckets: ['openvidu-appdata'],
  })
  gate = await openFaultGate(s3.url)
  product = await runProduct({ S3_ENDPOINT: gate.url, RECORDING_PLAYBACK_STRATEGY: 'PROXY' })
})
afterAll(async () => {
  gate.rule(() => 'pass')
  await product[Symbol.asyncDispose]()
  await gate[Symbol.asyncDispose]()
  await s3.close()
  await rm(dataDir, { recursive: true, force: true })
})

async function scrape(): Promise<string> {
  return (await fetch(`${product.url}/metrics`)).text()
}

/** The value of one series, e.g. `roomreel_webhooks_total{event="unknown",outcome="unauthorized"}`; 0 when it is not there. */
async function valueOf(series: string): Promise<number> {
  const line = (await scrape()).split('\n').find((text) => text.startsWith(`${series} `))
  return Number(line?.slice(series.length + 1) ?? 0)
}

describe('/metrics', () => {
  it('counts what a recording goes through', async () => {
    const { token } = await product.client().rooms.join.mutate({ roomName: 'Count', participantName: 'Ann' })
    const client = product.participant(token)
    await client.recordings.start.mutate({ roomName: 'Count' })
    await expect.poll(() => valueOf('roomreel_running_recordings'), WAIT).toBe(1)
    expect(await valueOf('roomreel_held_claims')).toBe(1)
    await expect
      .poll(async () => (await client.recordings.list.query({})).items[0]?.status, WAIT)
      .toBe('STARTED')
    await client.recordings.stop.mutate({ roomName: 'Count' })
    await expect.poll(() => valueOf('roomreel_recordings_ended_total{status="COMPLETE"}'), WAIT).toBe(1)
    await expect.poll(() => valueOf('roomreel_file_checks_total{check="verified"}'), WAIT).toBe(1)
    await expect.poll(() => valueOf('roomreel_held_claims'), WAIT).toBe(0)
    expect(await valueOf('roomreel_recordings_started_total')).toBe(1)
    expect(await valueOf('roomreel_webhooks_total{event="egress_ended",outcome="stored"}')).toBeGreaterThan(0)
    const liveKitCalls = 'roomreel_livekit_call_seconds_count'
    expect(await valueOf(`${liveKitCalls}{operation="startRoomCompositeEgress",outcome="ok"}`)).toBe(1)
  })

  it('counts what is read by the proxy', async () => {
    const recording = tutorialMetadata('Proxy', 1)
    const client = s3Client(product.config)
    await store(client, product.config, recording, Buffer.alloc(200_000))
    client.destroy()
    const admin = await product.admin()
    const { url } = await admin.recordings.playback.query({ recordingName: recording.name })
    expect((await (await fetch(product.url + url)).arrayBuffer()).byteLength).toBe(200_000)
    await expect
      .poll(() => valueOf('roomreel_playback_bytes_total{part="video"}'), WAIT)
      .toBeGreaterThan(199_999)
    expect(await valueOf('roomreel_playbacks_total{part="video",end="finished"}')).toBe(1)
  })

  it('shows webhooks that are not signed, and a storage that is away', async () => {
    await fetch(`${product.url}/livekit/webhook`, { method: 'POST', body: '{}' })
    expect(await valueOf('roomreel_webhooks_total{event="unknown",outcome="unauthorized"}')).toBe(1)
    const before = await valueOf('roomreel_s3_call_seconds_count{operation="check",outcome="failed"}')
    gate.rule(() => 'cut')
    expect((await fetch(`${product.url}/readyz`)).status).toBe(503)
    gate.rule(() => 'pass')
    expect(
      await valueOf('roomreel_s3_call_seconds_count{operation="check",outcome="failed"}'),
    ).toBeGreaterThan(before)
  })

  it('has what docs/monitoring.md describes, and nothing else of ours', async () => {
    const page = await readFile(new URL('../../../docs/monitoring.md', import.meta.url), 'utf8')
    const described = [...page.matchAll(/^\| `(roomreel_\w+)`/gm)].map(([, name]) => name)
    const exposed = [...(await scrape()).matchAll(/^# TYPE (roomreel_\w+)/gm)].map(([, name]) => name)
    expect(new Set(described)).toEqual(new Set(exposed))
    const rules = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? ''
    const used = new Set(rules.match(/roomreel_\w+?(?=_count|_sum|_bucket|\b)/g))
    expect([...used].filter((name) => !exposed.includes(name))).toEqual([])
    expect(rules.match(/- alert: /g)?.length).toBeGreaterThan(5)
  })
})
