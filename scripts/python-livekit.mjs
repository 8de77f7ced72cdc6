/** LiveKit's Python SDK, for the test of a meeting with it: found on this machine, or brought. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../packages/tooling/programs.js'
import {
  findPythonLiveKit,
  PYTHON_LIVEKIT_FOLDER,
  PYTHON_LIVEKIT_VERSION,
} from '../packages/tooling/python-livekit.js'
import { run, say } from './workspace.mjs'

/** Nothing else here needs Python: where it can't be brought its test is skipped, and counted as such. */
export async function bringPythonLiveKit() {
  if (findPythonLiveKit()) return
  say("Installing LiveKit's Python SDK for its test …")
  try {
    await bring()
  } catch (error) {
    say(String(error))
  }
  // Another run may have been faster
  if (findPythonLiveKit()) return
  say("The test of LiveKit's Python SDK is skipped: it needs Python 3.9 or newer with venv, and PyPI.")
}

async function bring() {
  // Moved when it is whole: another run may be looking for it
  mkdirSync(dirname(PYTHON_LIVEKIT_FOLDER), { recursive: true })
  const folder = mkdtempSync(join(dirname(PYTHON_LIVEKIT_FOLDER), '.build-'))
  try {
    if ((await makeEnvironment(folder)) && (await installInto(folder)))
      renameSync(folder, PYTHON_LIVEKIT_FOLDER)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} folder
 * @returns {Promise<boolean>} whether it is a virtual environment now
 */
async function makeEnvironment(folder) {
  const make = async () => {
    const python = findProgram('python3')
    return python !== undefined && (await run(python, ['-m', 'venv', folder])) === 0
  }
  if (await make()) return true
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'])
  return make()
}

/**
 * @param {string} folder
 * @returns {Promise<boolean>}
 */
async function installInto(folder) {
  const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--retries=1']
  const args = ['-m', 'pip', 'install', ...options, `livekit==${PYTHON_LIVEKIT_VERSION}`]
  return (await run(join(folder, 'bin', 'python'), args)) === 0
}
