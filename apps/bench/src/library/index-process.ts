/** The app's API alone in a process with a garbage collector that can be called: what it knows of a library weighs so much. */
import { createApi } from '@roomreel/api'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { IndexRequestSchema, type IndexWeight } from './index-messages.ts'

const POLL_MS = 100

const { gc } = globalThis
const [argument] = process.argv.slice(2)
if (gc === undefined || argument === undefined) throw new Error('Needs --expose-gc, and what to read.')
const { s3, livekit, recordings } = IndexRequestSchema.parse(JSON.parse(argument))
// The bench has ended
process.on('disconnect', () => process.exit(0))

const weigh = (): number => {
  gc()
  return process.memoryUsage().heapUsed / 1e6
}
const before = weigh()
const api = createApi(
  {
    appName: 'bench',
    adminPassword: 'bench',
    sessionSecret: 'bench',
    livekit: { ...livekit, publicUrl: livekit.url },
    s3: { ...s3, publicEndpoint: s3.endpoint },
    recordingsPath: 'recordings/',
    playbackStrategy: 'S3',
    playbackUrlSeconds: 60,
    filePortionSizeBytes: 1_000_000,
    egressS3Upload: 'server',
  },
  pino({ enabled: false }),
)
// The reconciler's first look reads the library
while (api.counts().recordings < recordings) await delay(POLL_MS)
// Ends what that look holds in memory beside
await api.close()
const known = api.counts().recordings
const weight: IndexWeight = { heapMB: weigh() - before, rssMB: process.memoryUsage().rss / 1e6, known }
process.send?.(weight)
