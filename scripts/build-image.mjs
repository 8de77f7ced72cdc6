/**
 * `node scripts/build-image.mjs <folder>`: everything that production needs, in a folder of its own: the built server,
 * the page, and their dependencies without those of builds and tests. It starts with `node dist/main.js`.
 */
import { join, resolve } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Error('Say which folder: node scripts/build-image.mjs <folder>')
  await install()
  await build('@roomreel/server')
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm')
  process.exitCode = await run(pnpm, [
    '--filter=@roomreel/server',
    'deploy',
    '--prod',
    // Copies what the workspace has built; the other way asks for all its packages to be injected into each other
    '--legacy',
    resolve(folder),
  ])
})
