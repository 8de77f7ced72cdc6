/** The Python clients that tests compare with, in a virtual environment: found on this machine, or brought. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findProgram } from '../packages/tooling/programs.js'
import { findPython, PYTHON_FOLDER, PYTHON_REQUIREMENTS } from '../packages/tooling/python-packages.js'
import { run, say } from './workspace.mjs'

/** @throws with what to install, if they are neither there nor can be brought */
export async function bringPython() {
  if (findPython()) return
  say('Installing the Python clients that tests compare with …')
  mkdirSync(dirname(PYTHON_FOLDER), { recursive: true })
  // Moved when it is whole: another run may be looking for it
  const folder = mkdtempSync(join(dirname(PYTHON_FOLDER), '.build-'))
  try {
    await makeEnvironment(folder)
    // Nothing comes along that the file does not name
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--no-deps']
    const python = join(folder, 'bin', 'python')
    const status = await run(python, ['-m', 'pip', 'install', ...options, '-r', PYTHON_REQUIREMENTS])
    if (status !== 0) throw new Error(`pip could not install ${PYTHON_REQUIREMENTS}: it ended with ${status}`)
    // One whose Python has gone
    rmSync(PYTHON_FOLDER, { recursive: true, force: true })
    renameSync(folder, PYTHON_FOLDER)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} folder becomes a virtual environment */
async function makeEnvironment(folder) {
  const make = async () => {
    const python = findProgram('python3')
    return python !== undefined && (await run(python, ['-m', 'venv', folder])) === 0
  }
  if (await make()) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'])
    if (await make()) return
  }
  throw new Error(
    'The tests with Python clients need Python 3.11 or newer with venv. Install it, so that it is on PATH.',
  )
}
