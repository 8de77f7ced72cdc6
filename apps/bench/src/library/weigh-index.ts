import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LiveKit } from '../meeting/livekit.ts'
import type { S3 } from '../storage/s3.ts'
import { type IndexRequest, type IndexWeight, IndexWeightSchema } from './index-messages.ts'

const entry = fileURLToPath(new URL('./index-process.js', import.meta.url))

/** What the app's knowledge of a library weighs. @throws Error when the process ends before it knows all */
export async function weighIndex(s3: S3, livekit: LiveKit, recordings: number): Promise<IndexWeight> {
  const request: IndexRequest = {
    s3: { endpoint: s3.url, region: s3.region, bucket: s3.bucket, ...s3.keys },
    livekit: {
      url: livekit.url.replace(/^ws/, 'http'),
      apiKey: livekit.apiKey,
      apiSecret: livekit.apiSecret,
    },
    recordings,
  }
  const child = fork(entry, [JSON.stringify(request)], { execArgv: ['--expose-gc'] })
  const exited = once(child, 'exit')
  try {
    const told = await Promise.race([once(child, 'message'), exited.then(() => undefined)])
    if (told === undefined) throw new Error('The index could not be weighed.')
    return IndexWeightSchema.parse(told[0])
  } finally {
    if (child.connected) child.disconnect()
    await exited
  }
}
