import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isExecutable } from './programs.js'

/** The file that names the packages of PyPI which tests need. */
export const PYTHON_REQUIREMENTS = fileURLToPath(
  new URL('../real-stack/python-requirements.txt', import.meta.url),
)

const requirementsHash = createHash('sha256').update(readFileSync(PYTHON_REQUIREMENTS)).digest('hex')

/** The virtual environment that has them: another one whenever they change. */
export const PYTHON_FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'roomreel',
  `python-${requirementsHash.slice(0, 12)}`,
)

/**
 * The Python that has them, if it was brought.
 * @returns {string | undefined} its path
 */
export function findPython() {
  return [join(PYTHON_FOLDER, 'bin', 'python')].find(isExecutable)
}
