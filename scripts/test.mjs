/**
 * `npm test`: static checks, unit and integration tests, browser tests, in this order and all of them, whatever
 * fails before. Its last line counts them: `N passed, N failed`, plus `, N skipped` if any.
 */
import { join } from 'node:path'
import { bin, bringChromium, check, playwright, runSuites, vitest } from './suites.mjs'
import { build, command, install } from './workspace.mjs'

command(async () => {
  await install()
  await build()
  const more = { CHROMIUM_PATH: await bringChromium() }
  await runSuites((results) => [
    () => check('types', join(bin, 'turbo'), ['run', 'typecheck', '--output-logs=errors-only']),
    () => check('types of the scripts', join(bin, 'tsc'), []),
    () => check('lint', join(bin, 'oxlint'), ['--type-aware']),
    () => check('format', join(bin, 'prettier'), ['--check', '.']),
    () => vitest(join(results, 'vitest.json'), more),
    () => playwright(join(results, 'playwright.json'), more),
  ])
})
