import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fail, runCommand } from '@roomreel/service'
import { loadConfig } from './config/load-config.ts'
import { startServer } from './start-server.ts'

const webRoot = join(dirname(createRequire(import.meta.url).resolve('@roomreel/web/package.json')), 'dist')

/** `npm start`: the product, until it is told to end. */
async function main(): Promise<void> {
  const server = await startServer(loadConfig(), webRoot)
  process.stdout.write(server.banner)

  const stop = (): void => {
    // Ctrl-C reaches the whole process group, perhaps twice: a second one joins the first
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

runCommand(main)
