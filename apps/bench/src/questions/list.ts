/**
 * How long does the list of recordings take, as the library grows?
 * Aims: warm, the first page at 10,000 costs at most twice that at 1,000, and a fiftieth of the plain way at 1,000; a
 * cold process answers its first page within the time of 15 raw ListObjectsV2 calls; 100,000 recordings take at most
 * 100 MB of memory. Asked over HTTP, as the page does. Cold is a process that has just been started: timed from when it
 * listens to its answer, first with nothing but the recordings in the bucket, then with the snapshot that the process
 * before has left. The plain way is one ListObjectsV2 walk and one GET for each recording, up to 10,000 of them: beyond
 * that it takes minutes. Raw is one ListObjectsV2 call of 1,000 keys. All on the same S3, which is a process of its
 * own. Before it is timed, the first page is compared with what was stored.
 */
import { HeadObjectCommand, NotFound } from '@aws-sdk/client-s3'
import { ADMIN_ENVIRONMENT, adminHeaders } from '../admin.ts'
import { timePlainWay, timeRawList } from '../library/plain-way.ts'
import { weighIndex } from '../library/weigh-index.ts'
import { memory } from '../machine/processes.ts'
import { type LiveKit, startLiveKit } from '../meeting/livekit.ts'
import { type Client, dataFolder, type Product, startProduct } from '../product.ts'
import { readMetrics } from '../prometheus.ts'
import type { Figure, Question } from '../question.ts'
import { summarise } from '../report/statistics.ts'
import { type S3, S3_BUCKET, startS3 } from '../storage/s3.ts'
import { seedLibrary } from '../storage/seed-library.ts'
import { numberedRecording } from '../storage/stored-recording.ts'
import { until } from '../until.ts'

const SIZES = [100, 1_000, 10_000, 100_000]
const PLAIN_UP_TO = 10_000
const WEIGHED: ReadonlySet<number> = new Set([10_000, 100_000])
/** Below this many, no snapshot is kept. */
const SNAPSHOT_FROM = 200
const WARM_RUNS = 30
const RAW_RUNS = 9
const COLD_RUNS = 3
const COLD_RAW_CALLS = 15
const MB_FOR_100_000 = 100
const LIMIT_MS = 600_000
/** Each asking of the metrics counts all recordings. */
const POLL_MS = 500

export const list: Question = {
  name: 'list',
  title: 'the list at 100 … 100,000 recordings',
  async measure() {
    await using livekit = await startLiveKit()
    const figures: Figure[] = []
    const warmMs = new Map<number, number>()
    for (const size of SIZES) {
      await using folder = await dataFolder()
      await seedLibrary(`${folder.path}/s3`, S3_BUCKET, size)
      await using s3 = await startS3(`${folder.path}/s3`)
      const measured = await measureLibrary({ dataDir: folder.path, s3, livekit, size })
      figures.push(...measured.figures)
      warmMs.set(size, measured.warmMs)
    }
    const growth = (warmMs.get(10_000) ?? Number.NaN) / (warmMs.get(1_000) ?? Number.NaN)
    figures.push({ name: 'warm, 10,000 beside 1,000', unit: '×', budget: 2, values: [growth] })
    return figures
  },
}

interface Library {
  readonly dataDir: string
  readonly s3: S3
  readonly livekit: LiveKit
  readonly size: number
}

async function measureLibrary(library: Library): Promise<{ figures: Figure[]; warmMs: number }> {
  const { s3, size, livekit } = library
  const named = (name: string): string => `${size.toLocaleString('en')}: ${name}`
  await timeRawList(s3)
  const raw = await repeat(RAW_RUNS, async () => (await timeRawList(s3)) * 1000)
  const rawMs = summarise(raw).median
  const plain = size <= PLAIN_UP_TO ? [(await timePlainWay(s3, size)) * 1000] : []

  // Nobody has left a snapshot yet
  const first = await startCold(library)
  await using product = first.product
  await until('the library is known', () => isKnown(product, size), {
    intervalMs: POLL_MS,
    limitMs: LIMIT_MS,
  })
  if (size >= SNAPSHOT_FROM) {
    // The end of the first comparison with LiveKit and the bucket, which takes the processor for a while
    const isThere = () => hasSnapshot(s3)
    await until('a snapshot is kept', isThere, { intervalMs: POLL_MS, limitMs: LIMIT_MS })
  }
  const client = product.client(undefined, first.headers)
  await firstPage(client, size)
  const warm = await repeat(WARM_RUNS, () => timeMs(() => client.recordings.list.query({})))
  const search = numberedRecording(0, 0).roomId
  const searched = await client.recordings.list.query({ search })
  if (searched.items.length !== 1) throw new Error(`The search finds ${searched.items.length}.`)
  const searches = await repeat(WARM_RUNS, () => timeMs(() => client.recordings.list.query({ search })))
  const { rssMB } = await memory(product.pid)
  await product[Symbol.asyncDispose]()

  const later = await repeat(COLD_RUNS, async () => {
    const cold = await startCold(library, first.headers)
    await cold.product[Symbol.asyncDispose]()
    return cold.ms
  })
  const inRawCalls = (ms: number): number => ms / rawMs
  const figures: Figure[] = [
    { name: named('one raw ListObjectsV2 call'), unit: 'ms', values: raw },
    { name: named('first page, warm'), unit: 'ms', values: warm },
    { name: named('search for the oldest, warm'), unit: 'ms', values: searches },
    { name: named('first page, cold'), unit: 'ms', values: [first.ms] },
    {
      name: named('first page, cold'),
      unit: 'raw calls',
      budget: COLD_RAW_CALLS,
      values: [inRawCalls(first.ms)],
    },
    { name: named('first page, cold, snapshot'), unit: 'ms', values: later },
    {
      name: named('first page, cold, snapshot'),
      unit: 'raw calls',
      budget: COLD_RAW_CALLS,
      values: later.map(inRawCalls),
    },
    { name: named('RSS of the app'), unit: 'MB', values: [rssMB] },
  ]
  if (plain.length > 0) {
    const warmMs = summarise(warm).median
    figures.push({ name: named('the plain way'), unit: 'ms', values: plain })
    figures.push({
      name: named('the plain way beside warm'),
      unit: '×',
      ...(size === 1_000 && { aim: 50 }),
      values: plain.map((ms) => ms / warmMs),
    })
  }
  if (WEIGHED.has(size)) {
    const { heapMB } = await weighIndex(s3, livekit, size)
    figures.push({ name: named('heap of the index'), unit: 'MB', budget: MB_FOR_100_000, values: [heapMB] })
  }
  return { figures, warmMs: summarise(warm).median }
}

/**
 * Starts a process and asks it for the first page as soon as it listens.
 * @param headers of a session that it knows; without them, the log-in is timed as well
 */
async function startCold(
  { dataDir, s3, livekit, size }: Library,
  headers?: Readonly<Record<string, string>>,
): Promise<{ product: Product; ms: number; headers: Readonly<Record<string, string>> }> {
  const product = await startProduct(dataDir, {
    environment: { ...s3.environment, ...livekit.environment, ...ADMIN_ENVIRONMENT },
    readyAt: '/healthz',
  })
  try {
    const listening = performance.now()
    const admin = headers ?? (await adminHeaders(product))
    await firstPage(product.client(undefined, admin), size)
    return { product, ms: performance.now() - listening, headers: admin }
  } catch (error) {
    await product[Symbol.asyncDispose]()
    throw error
  }
}

/** @throws Error when it is another page than the one that was stored */
async function firstPage(client: Client, size: number): Promise<void> {
  const { items } = await client.recordings.list.query({})
  items.forEach(({ name }, index) => {
    if (name !== numberedRecording(size - 1 - index, 0).name)
      throw new Error(`The list has ${name} at place ${index}.`)
  })
  if (items.length === 0) throw new Error('The list is empty.')
}

async function isKnown(product: Product, size: number): Promise<true | undefined> {
  return (await readMetrics(product)).sum('roomreel_recordings') === size ? true : undefined
}

async function hasSnapshot({ client, bucket }: S3): Promise<true | undefined> {
  const Key = 'recordings/.index/recordings.ndjson.gz'
  try {
    await client.send(new HeadObjectCommand({ Bucket: bucket, Key }))
    return true
  } catch (error) {
    if (error instanceof NotFound) return undefined
    throw error
  }
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function repeat(times: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = []
  for (let time = 0; time < times; time++) values.push(await measure())
  return values
}
