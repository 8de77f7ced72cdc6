/** local-livekit alone in a process, so that what it costs can be told from everything else. */
import { startLocalLiveKit } from '@roomreel/local-livekit'
import type { LiveKitStarted } from './livekit.ts'

const [apiKey, apiSecret] = process.argv.slice(2)
if (apiKey === undefined || apiSecret === undefined) throw new Error('Needs an API key and its secret.')
const server = await startLocalLiveKit({ apiKey, apiSecret })
// The bench has ended, or wants this to end
process.on('disconnect', () => process.exit(0))
const started: LiveKitStarted = { url: server.url }
process.send?.(started)
