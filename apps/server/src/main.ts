import { config as loadEnvFile } from 'dotenv'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { ConfigError, parseConfig } from './config/env.ts'
import { PortTakenError } from './local-stack/start-local-stack.ts'
import { startServer } from './start-server.ts'

const webRoot = join(dirname(createRequire(import.meta.url).resolve('@roomreel/web/package.json')), 'dist')

/** What whoever started the process can set right: told in words, without a stack. */
function isOperatorFault(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof PortTakenError
}

async function main(): Promise<void> {
  loadEnvFile({ quiet: true })
  // The one place that reads the environment
  const server = await startServer(parseConfig(process.env), webRoot)
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

function fail(error: unknown): never {
  const text = isOperatorFault(error) ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text ?? 'failed'}\n`)
  process.exit(1)
}

main().catch(fail)
