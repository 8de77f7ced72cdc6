import pMap from 'p-map'
import { toAppError } from '../app-error.ts'
import type { Services } from '../services.ts'
import { watchClaim } from './watch-claim.ts'

/** ms between two looks at the running recordings. */
const INTERVAL_MS = 5_000
const CONCURRENCY = 8

/** Looks at every running recording now and then, and repairs what lost or late news has left behind. */
export interface Reconciler {
  /** Ends the looking; resolves when the last look is over. */
  stop(): Promise<void>
}

export function startReconciler(services: Services): Reconciler {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  const look = (): void => {
    running = reconcileAll(services)
      .catch((error: unknown) => {
        services.log.warn({ err: error }, 'running recordings could not be looked at')
      })
      .finally(() => {
        if (!isStopped) timer = setTimeout(look, INTERVAL_MS)
      })
  }
  look()

  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}

async function reconcileAll(services: Services): Promise<void> {
  await services.index.ensureFresh(INTERVAL_MS / 2)
  await pMap(
    services.index.heldClaims(),
    async (claim) => {
      try {
        await watchClaim(services, claim)
      } catch (error) {
        services.log.warn(
          { err: error, code: toAppError(error).code, roomId: claim.roomId },
          'a running recording could not be looked at',
        )
      }
    },
    { concurrency: CONCURRENCY },
  )
}
