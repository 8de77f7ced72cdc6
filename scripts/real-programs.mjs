/** The programs that the product meets in production, for tests: found on this machine, or brought. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram, isExecutable, PROGRAMS_FOLDER } from '../packages/tooling/programs.js'
import { env, run, say } from './workspace.mjs'

/**
 * What Go builds: the module, and what its program is called there. Newer livekit-servers carry replace directives,
 * which `go install` refuses; MinIO's releases are not served by Go's module proxy, but its last version is.
 */
const BUILT = [
  {
    name: 'livekit-server',
    module: 'github.com/livekit/livekit-server/cmd/server@v1.13.5',
    binary: 'server',
  },
  {
    name: 'minio',
    module: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c',
    binary: 'minio',
  },
]

/** @throws with what to install, if a program is neither there nor can be brought */
export async function bringPrograms() {
  await bringRedis()
  await buildPrograms()
}

/**
 * Those of them that Go builds: some minutes of two cores.
 * @throws as bringPrograms
 */
export async function buildPrograms() {
  for (const each of BUILT) await bringBuilt(each)
}

async function bringRedis() {
  if (findProgram('redis-server')) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing redis-server …')
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'])
    if (findProgram('redis-server')) return
  }
  throw new Error('The tests against the real LiveKit need redis-server. Install it, so that it is on PATH.')
}

/** @param {{ name: string, module: string, binary: string }} program */
async function bringBuilt({ name, module, binary }) {
  if (findProgram(name)) return
  const go = findProgram('go') ?? ['/usr/local/go/bin/go'].find(isExecutable)
  if (!go) {
    throw new Error(
      `The tests against the real LiveKit need ${name}. Install it, so that it is on PATH, or Go to build it.`,
    )
  }
  say(`Building ${name}: once, for a few minutes …`)
  mkdirSync(PROGRAMS_FOLDER, { recursive: true })
  // Moved when it is whole: another run may be looking for it
  const folder = mkdtempSync(join(PROGRAMS_FOLDER, '.build-'))
  try {
    const status = await run(go, ['install', module], { env: { ...env, GOBIN: folder } })
    if (status !== 0) throw new Error(`${name} could not be built: go install ended with status ${status}`)
    renameSync(join(folder, binary), join(PROGRAMS_FOLDER, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
