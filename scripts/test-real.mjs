/**
 * `npm run test:real`: the browser and API tests of `npm test` against the real livekit-server, Redis and MinIO, with
 * the egress worker between them; and those that compare the embedded parts with the real ones. Ends as `npm test`.
 */
import { join } from 'node:path'
import { bringPython } from './python-packages.mjs'
import { bringPrograms } from './real-programs.mjs'
import { bringChromium, playwright, runSuites, vitest } from './suites.mjs'
import { build, command, install } from './workspace.mjs'

/** Each package's tests that may run in both worlds, or only in the real one. */
const SUITES = [
  'apps/server/test',
  'apps/egress/test',
  'packages/egress/test/real',
  'packages/local-livekit/test/conformance',
  'packages/local-s3/test/conformance',
]

command(async () => {
  await install()
  await build()
  const more = { CHROMIUM_PATH: await bringChromium(), ROOMREEL_WORLD: 'real' }
  await bringPrograms()
  await bringPython()
  await runSuites((results) => [
    () => vitest(join(results, 'vitest.json'), more, SUITES),
    () => playwright(join(results, 'playwright.json'), more),
  ])
})
