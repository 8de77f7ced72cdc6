import { AppError, reconcileOnce } from '@roomreel/api'
import { createLog, OperatorError, runCommand } from '@roomreel/service'
import { loadConfig } from './config/load-config.ts'

/** `npm run reconcile [-- --apply]`: shows, or makes, the repairs that the library needs. */
async function reconcile(): Promise<void> {
  const isApplied = process.argv.slice(2).includes('--apply')
  const config = loadConfig()
  let found = 0
  const { repaired, failed } = await reconcileOnce(
    // It lets nobody in, so it needs neither secret
    { ...config.api, adminPassword: '', sessionSecret: '' },
    createLog({ ...config, logLevel: 'warn' }),
    {
      isApplied,
      onRepair(line) {
        found++
        process.stdout.write(`${line}\n`)
      },
    },
  )
  process.stdout.write(`${summary(found, isApplied, repaired, failed)}\n`)
  if (failed > 0) process.exitCode = 1
}

function summary(found: number, isApplied: boolean, repaired: number, failed: number): string {
  if (found === 0) return 'LiveKit, the bucket and the library agree. Nothing to repair.'
  if (!isApplied)
    return `${found} to repair. Nothing was changed; to make these repairs: npm run reconcile -- --apply`
  return `${repaired} repaired, ${failed} failed.`
}

/** A LiveKit or an S3 that does not answer is whoever's who runs this. */
function inWords(error: unknown): never {
  throw error instanceof AppError ? new OperatorError(error.message, { cause: error }) : error
}

runCommand(() => reconcile().catch(inWords))
