// An egress worker on Redis in a process of its own, so that a test can kill it.
import { startRedisEgress } from '@roomreel/egress'

/** @param {import('@roomreel/egress').RedisEgressOptions} options */
async function serve(options) {
  const egress = await startRedisEgress(options)
  await egress.ready
  process.send?.('ready')
}

process.once('message', (/** @type {import('@roomreel/egress').RedisEgressOptions} */ options) => {
  serve(options).catch((error) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
