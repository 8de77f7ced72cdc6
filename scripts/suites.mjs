/** What `npm test` and `npm run test:real` run, and how its tests are counted. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { findChromium } from '../packages/tooling/chromium.js'
import { env, root, run, say } from './workspace.mjs'

export const bin = join(root, 'node_modules', '.bin')

/** @typedef {{ passed: number, skipped: number, failures: string[] }} Count failures: a line each */
/** @typedef {() => Promise<Count>} Suite */

/**
 * Runs all suites, whatever fails before, and ends with a line `failed: …` for each test that did, and a line
 * `N passed, N failed`, plus `, N skipped` if any.
 * @param {(results: string) => Suite[]} suitesIn gets a folder for their reports
 */
export async function runSuites(suitesIn) {
  const results = mkdtempSync(join(tmpdir(), 'roomreel-test-'))
  try {
    /** @type {Count} */
    const total = { passed: 0, skipped: 0, failures: [] }
    for (const suite of suitesIn(results)) {
      const count = await suite()
      total.passed += count.passed
      total.skipped += count.skipped
      total.failures.push(...count.failures)
    }
    say('')
    for (const failure of total.failures) say(`failed: ${failure}`)
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
    say(`${total.passed} passed, ${total.failures.length} failed${skipped}`)
    if (total.failures.length > 0) process.exitCode = 1
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
  return status === 0 ? { passed: 1, skipped: 0, failures: [] } : { passed: 0, skipped: 0, failures: [name] }
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
    skipped: numberAt(result, 'numPendingTests') + numberAt(result, 'numTodoTests'),
    failures: failuresOfVitest(result),
  }
  return withStatus('vitest', count, status)
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
    skipped: numberAt(result, 'stats', 'skipped'),
    failures: failuresOfPlaywright(result),
  }
  return withStatus('playwright', count, status)
}

/**
 * A runner that failed without naming a test (it did not start, or something outside the tests threw) is a failure, too.
 * @param {string} runner
 * @param {Count} count
 * @param {number} status
 * @returns {Count}
 */
function withStatus(runner, count, status) {
  if (status === 0 || count.failures.length > 0) return count
  return { ...count, failures: [`${runner} itself`] }
}

/**
 * @param {unknown} report JSON of Vitest's reporter
 * @returns {string[]} of each test that failed its file, name and the first line of its error
 */
function failuresOfVitest(report) {
  return listAt(report, 'testResults').flatMap((file) => {
    const path = relative(root, textAt(file, 'name'))
    const tests = listAt(file, 'assertionResults').filter((test) => textAt(test, 'status') === 'failed')
    // A file that could not be loaded has no tests, only a message
    if (tests.length === 0 && textAt(file, 'status') === 'failed')
      return [`${path}: ${firstLine(textAt(file, 'message'))}`]
    return tests.map(
      (test) => `${path} › ${textAt(test, 'fullName')}: ${firstLine(textAt(test, 'failureMessages', '0'))}`,
    )
  })
}

/**
 * @param {unknown} report JSON of Playwright's reporter, or a suite in it
 * @returns {string[]} of each test that failed its file, name and the first line of its error
 */
function failuresOfPlaywright(report) {
  const here = listAt(report, 'specs').flatMap((spec) => {
    const unexpected = listAt(spec, 'tests').some((test) => textAt(test, 'status') === 'unexpected')
    const error = textAt(spec, 'tests', '0', 'results', '0', 'error', 'message')
    return unexpected ? [`${textAt(spec, 'file')} › ${textAt(spec, 'title')}: ${firstLine(error)}`] : []
  })
  return [...here, ...listAt(report, 'suites').flatMap(failuresOfPlaywright)]
}

/** @param {string} text */
function firstLine(text) {
  return stripVTControlCharacters(text).split('\n', 1)[0] ?? ''
}

/**
 * @param {string} path
 * @returns {unknown}
 */
function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * What is at a path of keys; undefined where nothing is, as in the report of a runner that broke off.
 * @param {unknown} value
 * @param {string[]} path
 * @returns {unknown}
 */
function valueAt(value, path) {
  for (const key of path) {
    /** @type {unknown} */
    const next = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
    value = next
  }
  return value
}

/**
 * @param {unknown} value
 * @param {string[]} path
 */
function numberAt(value, ...path) {
  const found = valueAt(value, path)
  return typeof found === 'number' ? found : 0
}

/**
 * @param {unknown} value
 * @param {string[]} path
 */
function textAt(value, ...path) {
  const found = valueAt(value, path)
  return typeof found === 'string' ? found : ''
}

/**
 * @param {unknown} value
 * @param {string[]} path
 * @returns {unknown[]}
 */
function listAt(value, ...path) {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found : []
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
