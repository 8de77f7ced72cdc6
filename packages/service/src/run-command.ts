import { OperatorError } from './operator-error.ts'

/** Runs a command's main function; what it throws is told, and the process ends with status 1. */
export function runCommand(main: () => Promise<void>): void {
  main().catch(fail)
}

/** Ends the process for an error that nobody else handles. */
export function fail(error: unknown): never {
  const isStackNeeded = error instanceof Error && !(error instanceof OperatorError)
  const text = isStackNeeded ? error.stack : error instanceof Error ? error.message : String(error)
  process.stderr.write(`${text ?? 'failed'}\n`)
  process.exit(1)
}
