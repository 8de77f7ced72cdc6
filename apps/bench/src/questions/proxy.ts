/**
 * What does playback through the app cost, beside reading the same file from S3?
 * Aim: 90 % of S3's own throughput at 20 readers, as far as the processor permits; memory that grows by at most 60 MB
 * at 200 readers. S3, the app and the readers are three processes; where they have fewer cores than that to share, the
 * share of S3's throughput is also a share of the processor, which is why CPU seconds per GB stand beside it, and why
 * it is asked once more with readers that want no more than a line of 1 Gbit/s gives. Both ways are measured in turn,
 * with the same client. Before it is timed, the file is compared with what was stored.
 */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ADMIN_ENVIRONMENT, adminOf } from '../admin.ts'
import { cpuSeconds, memory } from '../machine/processes.ts'
import { Readers } from '../playback/readers.ts'
import type { Reading } from '../playback/reader-messages.ts'
import { dataFolder, startProduct } from '../product.ts'
import type { Figure, Question } from '../question.ts'
import { startLiveKit } from '../meeting/livekit.ts'
import { startS3 } from '../storage/s3.ts'
import { numberedRecording, store } from '../storage/stored-recording.ts'

const FILE_BYTES = 64 << 20
const RANGE_BYTES = 1 << 20
const ROUNDS = 3
const WARM_UP_MS = 500
const WINDOW_MS = 2_000
const RSS_EVERY_MS = 50
/** How long nobody reads before memory is read again. */
const REST_MS = 3_000
const LINE_BYTES_PER_SECOND = 125e6

interface Case {
  readonly name: string
  readonly readers: number
  readonly rangeBytes?: number
  readonly paceBytesPerSecond?: number
  /** Percent of S3's own throughput. */
  readonly aim?: number
}

const ranges = { rangeBytes: RANGE_BYTES }
const CASES: readonly Case[] = [
  { name: '1 reader', readers: 1, ...ranges },
  { name: '20 readers', readers: 20, ...ranges, aim: 90 },
  {
    name: '20 readers on 1 Gbit/s',
    readers: 20,
    ...ranges,
    paceBytesPerSecond: LINE_BYTES_PER_SECOND / 20,
    aim: 90,
  },
  { name: '20 readers, whole files', readers: 20, aim: 90 },
  { name: '200 readers', readers: 200, ...ranges },
]

/** One window of reading: of one case, in one of the two ways. */
interface Window {
  readonly bytesPerSecond: number
  readonly requestsPerSecond: number
  readonly gigabytes: number
  readonly appCpuSeconds: number
  readonly s3CpuSeconds: number
  readonly peakRssMB: number
}

export const proxy: Question = {
  name: 'proxy',
  title: 'playback through the app beside S3',
  async measure() {
    await using folder = await dataFolder()
    await using s3 = await startS3(`${folder.path}/s3`)
    await using livekit = await startLiveKit()
    const recording = numberedRecording(1, FILE_BYTES)
    const file = randomBytes(FILE_BYTES)
    await store(s3, recording, file)
    await using product = await startProduct(folder.path, {
      environment: { ...s3.environment, ...livekit.environment, ...ADMIN_ENVIRONMENT },
    })
    const admin = await adminOf(product)
    const { name: recordingName } = recording
    const direct = await admin.recordings.playback.query({ recordingName })
    const proxied = await admin.recordings.playback.query({ recordingName, strategy: 'PROXY' })
    const urls = { direct: direct.url, proxied: product.url + proxied.url }
    const digest = createHash('sha256').update(file).digest('hex')
    await delay(REST_MS)
    const rssBefore = (await memory(product.pid)).rssMB
    for (const url of Object.values(urls)) await check(url, digest)

    await using readers = Readers.start()
    const figures: Figure[] = []
    for (const each of CASES) {
      const windows = { direct: [] as Window[], proxied: [] as Window[] }
      for (let round = 0; round < ROUNDS; round++) {
        for (const way of ['direct', 'proxied'] as const) {
          const reading = { ...each, url: urls[way], size: FILE_BYTES }
          windows[way].push(await readFor(readers, reading, product.pid, s3.pid))
        }
      }
      figures.push(...figuresOf(each, windows.direct, windows.proxied, rssBefore))
    }
    await delay(REST_MS)
    const rssAfter = (await memory(product.pid)).rssMB
    figures.push({ name: 'RSS of the app before', unit: 'MB', values: [rssBefore] })
    figures.push({ name: 'RSS of the app after', unit: 'MB', values: [rssAfter] })
    return figures
  },
}

/** @throws Error when the URL gives anything else than the file */
async function check(url: string, digest: string): Promise<void> {
  const response = await fetch(url)
  const body = Buffer.from(await response.arrayBuffer())
  if (createHash('sha256').update(body).digest('hex') !== digest)
    throw new Error(`Status ${response.status} with ${body.length} bytes that are not the file's.`)
}

async function readFor(readers: Readers, reading: Reading, app: number, s3: number): Promise<Window> {
  readers.read(reading)
  await delay(WARM_UP_MS)
  const read = async () => ({
    at: performance.now(),
    ...(await readers.count()),
    app: await cpuSeconds(app),
    s3: await cpuSeconds(s3),
  })
  const before = await read()
  let peakRssMB = 0
  while (performance.now() < before.at + WINDOW_MS) {
    peakRssMB = Math.max(peakRssMB, (await memory(app)).rssMB)
    await delay(RSS_EVERY_MS)
  }
  const after = await read()
  await readers.stop()
  const seconds = (after.at - before.at) / 1000
  const bytes = after.bytes - before.bytes
  return {
    bytesPerSecond: bytes / seconds,
    requestsPerSecond: (after.requests - before.requests) / seconds,
    gigabytes: bytes / 1e9,
    appCpuSeconds: after.app - before.app,
    s3CpuSeconds: after.s3 - before.s3,
    peakRssMB,
  }
}

function figuresOf(
  { name, aim, readers }: Case,
  direct: readonly Window[],
  proxied: readonly Window[],
  rssBeforeMB: number,
): Figure[] {
  const of = (windows: readonly Window[], value: (window: Window) => number): number[] => windows.map(value)
  const megabytes = ({ bytesPerSecond }: Window): number => bytesPerSecond / 1e6
  const shares = proxied.map(
    (window, round) => (window.bytesPerSecond / (direct[round]?.bytesPerSecond ?? Number.NaN)) * 100,
  )
  const growth = of(proxied, ({ peakRssMB }) => peakRssMB - rssBeforeMB)
  return [
    { name: `${name}: S3`, unit: 'MB/s', values: of(direct, megabytes) },
    { name: `${name}: app`, unit: 'MB/s', values: of(proxied, megabytes) },
    { name: `${name}: share`, unit: '%', ...(aim !== undefined && { aim }), values: shares },
    {
      name: `${name}: app`,
      unit: 'CPU s/GB',
      values: of(proxied, (window) => window.appCpuSeconds / window.gigabytes),
    },
    {
      name: `${name}: S3, read by the app`,
      unit: 'CPU s/GB',
      values: of(proxied, (window) => window.s3CpuSeconds / window.gigabytes),
    },
    {
      name: `${name}: S3, read directly`,
      unit: 'CPU s/GB',
      values: of(direct, (window) => window.s3CpuSeconds / window.gigabytes),
    },
    { name: `${name}: RSS growth`, unit: 'MB', ...(readers === 200 && { budget: 60 }), values: growth },
  ]
}
