import { homedir } from 'node:os'
import { join } from 'node:path'
import { isExecutable } from './programs.js'

/** The version of LiveKit's Python SDK (`livekit` on PyPI) that tests use. */
export const PYTHON_LIVEKIT_VERSION = '1.2.1'

/** The virtual environment it is installed in: one for each version. */
export const PYTHON_LIVEKIT_FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'roomreel',
  `python-livekit-${PYTHON_LIVEKIT_VERSION}`,
)

/**
 * The Python that has it, if `npm test` could bring it.
 * @returns {string | undefined}
 */
export function findPythonLiveKit() {
  return [join(PYTHON_LIVEKIT_FOLDER, 'bin', 'python')].find(isExecutable)
}
