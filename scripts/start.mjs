/** `npm start`: brings what is missing, then runs the product until Ctrl-C. */
import { join } from 'node:path'
import { build, command, endWithParent, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/server')
  endWithParent()
  process.exitCode = await run(process.execPath, [join(root, 'apps', 'server', 'dist', 'main.js')])
})
