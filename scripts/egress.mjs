/** `npm run egress`: the egress worker of a real LiveKit alone, until Ctrl-C; see docs/egress-worker.md. */
import { join } from 'node:path'
import { build, command, endWithParent, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/egress-worker')
  endWithParent()
  process.exitCode = await run(process.execPath, [join(root, 'apps', 'egress', 'dist', 'main.js')])
})
