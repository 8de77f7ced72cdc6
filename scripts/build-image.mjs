/**
 * `node scripts/build-image.mjs <folder> [package]`: everything that production needs of a process, in a folder of its
 * own, without the dependencies of builds and tests: `@roomreel/server` (the app with its page; the default) or
 * `@roomreel/egress-worker`. It starts with `node dist/main.js`. The app comes without the parts that `npm start`
 * embeds, the recorder with its FFmpeg among them: they are its optional dependencies.
 */
import { join, resolve } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

const PACKAGES = ['@roomreel/server', '@roomreel/egress-worker']

command(async () => {
  const [folder, name = '@roomreel/server'] = process.argv.slice(2)
  if (folder === undefined || !PACKAGES.includes(name))
    throw new Error(`Say which folder: node scripts/build-image.mjs <folder> [${PACKAGES.join(' | ')}]`)
  await install()
  await build(name)
  const pnpm = join(root, 'node_modules', '.bin', 'pnpm')
  process.exitCode = await run(pnpm, [
    `--filter=${name}`,
    'deploy',
    '--prod',
    // Copies what the workspace has built; the other way asks for all its packages to be injected into each other
    '--legacy',
    ...(name === '@roomreel/server' ? ['--no-optional'] : []),
    resolve(folder),
  ])
})
