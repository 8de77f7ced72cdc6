import { AppError } from '@roomreel/api'
import { ConfigError } from './config/env.ts'
import { PortTakenError } from './local-stack/start-local-stack.ts'

/** What whoever started the process can set right: told in words, without a stack. */
function isOperatorFault(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof PortTakenError || error instanceof AppError
}

/** Runs a command's main function; what it throws is told, and the process ends with status 1. */
export function runCommand(main: () => Promise<void>): void {
  main().catch(fail)
}

/** Ends the process for an error that nobody else handles. */
export function fail(error: unknown): never {
  const text = isOperatorFault(error) ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text ?? 'failed'}\n`)
  process.exit(1)
}
