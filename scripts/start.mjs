/** `npm start`: brings what is missing, then runs the product until Ctrl-C. */
import { join } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/server')
  // The server ends by itself on these, after it has saved what runs; this process only waits for it
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => undefined)
  process.exitCode = await run(process.execPath, [join(root, 'apps', 'server', 'dist', 'main.js')])
})
