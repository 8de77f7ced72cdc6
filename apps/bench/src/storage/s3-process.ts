/** local-s3 alone in a process, so that what it costs can be told from everything else. */
import { startLocalS3 } from '@roomreel/local-s3'
import { S3OptionsSchema, type S3Started } from './s3-messages.ts'

const [argument] = process.argv.slice(2)
if (argument === undefined) throw new Error('Needs its options.')
const { dataDir, accessKey, secretKey, region, bucket } = S3OptionsSchema.parse(JSON.parse(argument))
const server = await startLocalS3({ dataDir, accessKey, secretKey, region, buckets: [bucket] })
// The bench has ended, or wants this to end
process.on('disconnect', () => process.exit(0))
const started: S3Started = { url: server.url }
process.send?.(started)
