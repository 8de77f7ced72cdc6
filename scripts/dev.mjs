/** `npm run dev`: every package rebuilt as it changes, the server restarted, the page updated in place. */
import { join } from 'node:path'
import { build, command, install, root, run, say } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/server')
  say('The page with hot reload: http://localhost:5173 (it passes calls on to the server)')
  process.exitCode = await run(join(root, 'node_modules', '.bin', 'turbo'), [
    'run',
    'dev',
    '--concurrency=20',
  ])
})
