/** Compiles the server as it changes, and restarts it when its code, or a package's, was compiled. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const server = join(root, 'apps', 'server')
const main = join(server, 'dist', 'main.js')
const children = [
  spawn('tsc', ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], {
    cwd: server,
    stdio: 'inherit',
  }),
  // From the root, as `npm start` runs it: there are .env and .data
  spawn(process.execPath, ['--watch', '--watch-preserve-output', main], { cwd: root, stdio: 'inherit' }),
]
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
  })
}
