/** `npm run bench [-- <name> …]`: brings what is missing, then measures the product; see apps/bench. */
import { join } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/bench')
  const args = [join(root, 'apps', 'bench', 'dist', 'main.js'), ...process.argv.slice(2)]
  process.exitCode = await run(process.execPath, args)
})
