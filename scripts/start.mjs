/** `npm start`: brings what is missing, then runs the product until Ctrl-C. */
import { join } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/server')
  endWithParent()
  process.exitCode = await run(process.execPath, [join(root, 'apps', 'server', 'dist', 'main.js')])
})

/**
 * A signal to npm alone ends npm and its shell, and is not passed on. Then this process has another parent, and
 * the product ends as it does on SIGTERM.
 */
function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}
