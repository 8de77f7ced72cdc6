import { accessSync, constants } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where programs are kept that tests had to build. */
export const PROGRAMS_FOLDER = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'roomreel',
  'bin',
)

/**
 * An installed program: on PATH, or one that tests have built.
 * @param {string} name e.g. `redis-server`
 * @returns {string | undefined} its path
 */
export function findProgram(name) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), PROGRAMS_FOLDER]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: the next candidate
    return false
  }
}
