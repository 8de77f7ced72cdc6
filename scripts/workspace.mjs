/**
 * What every command needs first: dependencies as the lockfile has them, brought by a pnpm of the project's own,
 * and a build of what changed. Plain JavaScript, because it runs before anything is installed.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const bin = join(root, 'node_modules', '.bin')
/** Written after an install; it names the lockfile that was installed. */
const stamp = join(root, 'node_modules', '.roomreel-installed')

/** The environment in which turbo and pnpm find each other. */
export const env = {
  ...process.env,
  PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  DO_NOT_TRACK: '1',
  // It warns of the end of Node 20 in its later versions; the pinned one supports it
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
}

/**
 * Runs a program and resolves with its exit status (128 for one that a signal ended). SIGINT and SIGTERM are passed
 * on, and its end is waited for: what it still has to save, it saves.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env, ...options })
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => child.kill(signal)
    process.on('SIGINT', passOn)
    process.on('SIGTERM', passOn)
    child.once('error', reject)
    child.once('close', (code) => {
      process.off('SIGINT', passOn)
      process.off('SIGTERM', passOn)
      resolve(code ?? 128)
    })
  })
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`)
}

/** Installs what the lockfile names, unless it is installed already. */
export async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(process.version)
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  say('Installing dependencies (the first time takes a minute or two) …')
  const args = ['install', '--frozen-lockfile']
  const pnpm = /"packageManager": "(pnpm@[\d.]+)/.exec(readFileSync(join(root, 'package.json'), 'utf8'))?.[1]
  if (!pnpm) throw new Error('package.json does not name its pnpm')
  const own = join(bin, 'pnpm')
  const status = existsSync(own)
    ? await run(own, args)
    : await run('npm', ['exec', '--yes', '--', pnpm, ...args])
  if (status !== 0) throw new Error(`pnpm install failed with status ${status}`)
  writeFileSync(stamp, wanted)
}

/**
 * Builds what has changed since the last build.
 * @param {string} [target] a package, to be built with all it depends on; everything when it is left out
 */
export async function build(target) {
  say('Building what has changed …')
  const status = await run(join(bin, 'turbo'), [
    'run',
    'build',
    '--output-logs=errors-only',
    '--log-order=grouped',
    ...(target === undefined ? [] : [`--filter=${target}...`]),
  ])
  if (status !== 0) throw new Error(`the build failed with status ${status}`)
}

/**
 * A signal to npm alone ends npm and its shell, and is not passed on. Then this process has another parent, and
 * the product ends as it does on SIGTERM.
 */
export function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

/**
 * Runs a command's main function; what it throws is told in one line, and the process ends with status 1.
 * @param {() => Promise<void>} main
 */
export function command(main) {
  main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  })
}
