/** What `npm test` and `npm run test:real` run, and how its tests are counted. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../packages/tooling/chromium.js'
import { env, root, run, say } from './workspace.mjs'

export const bin = join(root, 'node_modules', '.bin')

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/** @typedef {() => Promise<Count>} Suite */

/**
 * Runs all suites, whatever fails before, and ends with a line `N passed, N failed`, plus `, N skipped` if any.
 * @param {(results: string) => Suite[]} suitesIn gets a folder for their reports
 */
export async function runSuites(suitesIn) {
  const results = mkdtempSync(join(tmpdir(), 'roomreel-test-'))
  try {
    /** @type {Count} */
    const total = { passed: 0, failed: 0, skipped: 0 }
    for (const suite of suitesIn(results)) {
      const count = await suite()
      total.passed += count.passed
      total.failed += count.failed
      total.skipped += count.skipped
    }
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
    say(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
    if (total.failed > 0) process.exitCode = 1
  } finally {
    rmSync(results, { recursive: true, force: true })
  }
}

/**
 * A static check counts as one test.
 * @param {string} name
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<Count>}
 */
export async function check(name, program, args) {
  say(`\n— ${name}`)
  const status = await run(program, args)
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 }
}

/**
 * @param {string} report
 * @param {Record<string, string>} more environment
 * @param {string[]} [filters] parts of paths; everything when they are left out
 * @returns {Promise<Count>}
 */
export async function vitest(report, more, filters = []) {
  say('\n— unit and integration tests')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters]
  const status = await run(join(bin, 'vitest'), args, { env: { ...env, ...more } })
  const result = readReport(report)
  const count = {
    passed: numberAt(result, 'numPassedTests'),
    failed: numberAt(result, 'numFailedTests'),
    skipped: numberAt(result, 'numPendingTests') + numberAt(result, 'numTodoTests'),
  }
  return withStatus(count, status)
}

/**
 * @param {string} report
 * @param {Record<string, string>} more environment
 * @returns {Promise<Count>}
 */
export async function playwright(report, more) {
  say('\n— browser tests')
  const folder = join(root, 'apps', 'e2e')
  const status = await run(
    join(folder, 'node_modules', '.bin', 'playwright'),
    ['test', '--reporter=list,json'],
    {
      cwd: folder,
      env: { ...env, ...more, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    },
  )
  const result = readReport(report)
  const count = {
    passed: numberAt(result, 'stats', 'expected') + numberAt(result, 'stats', 'flaky'),
    failed: numberAt(result, 'stats', 'unexpected'),
    skipped: numberAt(result, 'stats', 'skipped'),
  }
  return withStatus(count, status)
}

/**
 * A runner that failed without naming a test (it did not start, or something outside the tests threw) is a failure, too.
 * @param {Count} count
 * @param {number} status
 * @returns {Count}
 */
function withStatus(count, status) {
  return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count
}

/**
 * @param {string} path
 * @returns {unknown}
 */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * The number at a path of keys; 0 where there is none, as in the report of a runner that broke off.
 * @param {unknown} value
 * @param {string[]} path
 * @returns {number}
 */
function numberAt(value, ...path) {
  for (const key of path) {
    /** @type {unknown} */
    const next = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
    value = next
  }
  return typeof value === 'number' ? value : 0
}

/**
 * An installed Chromium; else Playwright's own; else, as root on Debian, the distribution's.
 * @returns {Promise<string>} its path
 */
export async function bringChromium() {
  const installed = findChromium()
  if (installed) return installed
  say('No Chromium on this machine: trying to install one for the browser tests …')
  const cli = join(root, 'apps', 'e2e', 'node_modules', '.bin', 'playwright')
  if ((await run(cli, ['install', 'chromium'])) === 0) {
    const own = execFileSync(
      process.execPath,
      ['-e', "process.stdout.write(require('@playwright/test').chromium.executablePath())"],
      { cwd: join(root, 'apps', 'e2e'), encoding: 'utf8' },
    )
    if (existsSync(own)) return own
  }
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
    const packaged = findChromium()
    if (packaged) return packaged
  }
  throw new Error('The browser tests need Chromium or Chrome. Install one, or set CHROMIUM_PATH to it.')
}
