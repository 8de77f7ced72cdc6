/** `npm run reconcile [-- --apply]`: shows (or makes) the repairs that the library needs; see apps/server. */
import { join } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/server')
  const args = [join(root, 'apps', 'server', 'dist', 'reconcile.js'), ...process.argv.slice(2)]
  process.exitCode = await run(process.execPath, args)
})
