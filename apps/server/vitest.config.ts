import { isRealWorld } from '@roomreel/real-stack'
import base from '@roomreel/tooling/vitest'
import { configDefaults, mergeConfig } from 'vitest/config'

/** Tests that bring a LiveKit, an S3 or a recorder of their own to do what no real one can be made to do. */
const EMBEDDED_WORLD = [
  // Every fault at every step, by gates between the parts
  'test/faults/**',
  'test/faults.test.ts',
  'test/lost-answers.test.ts',
  'test/metrics.test.ts',
  // An Egress that falls silent
  'test/watchdog.test.ts',
  // The embedding itself
  'test/process.test.ts',
  // Files, no servers
  'test/deployment/**',
  'test/security-table.test.ts',
]
/** The same for a real livekit-server, Redis and MinIO. */
const REAL_WORLD = ['test/real/**']

export default mergeConfig(base, {
  test: {
    // Of tests that run side by side in a file: most of the time they wait for a recorder or for a claim to end
    maxConcurrency: 10,
    exclude: [...configDefaults.exclude, ...(isRealWorld() ? EMBEDDED_WORLD : REAL_WORLD)],
  },
})
