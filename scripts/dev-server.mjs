/** Compiles the server as it changes, and restarts it when its code, or a package's, was compiled. */
import { spawn } from 'node:child_process'

/** @type {import('node:child_process').SpawnOptions} */
const options = { stdio: 'inherit' }
const children = [
  spawn('tsc', ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'], options),
  spawn(process.execPath, ['--watch', '--watch-preserve-output', 'dist/main.js'], options),
]
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
  })
}
