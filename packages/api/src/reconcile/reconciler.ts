import pMap from 'p-map'
import { toAppError } from '../app-error.ts'
import { watchClaim } from '../recordings/watch-claim.ts'
import { recordingsBeingSaved, watchSaving } from '../recordings/watch-saving.ts'
import type { Services } from '../services.ts'
import { takePassLease } from './pass-lease.ts'
import { reconcileLibrary } from './reconcile-library.ts'

/** ms between two looks at the running recordings. */
const WATCH_MS = 5_000
/** ms between two passes through the whole library, of all replicas together. */
const PASS_MS = 30_000
/** A pass through a large library takes its time; then passes are this many times as far apart. */
const PASS_PAUSE_FACTOR = 20
const CONCURRENCY = 8

/**
 * Looks at the running recordings every few seconds, and at the whole library at the start and every now and then,
 * and repairs what differs from what LiveKit and the bucket say.
 */
export interface Reconciler {
  /** Ends the looking; resolves when the last look is over. */
  stop(): Promise<void>
}

export function startReconciler(services: Services): Reconciler {
  let passMs = PASS_MS
  let isFirst = true
  const watching = repeat(
    WATCH_MS,
    () => watchRunning(services),
    (error) => {
      services.log.warn({ err: error }, 'running recordings could not be looked at')
    },
  )
  const passing = repeat(
    () => passMs,
    async () => {
      // Who asks a new process for a list waits for the library to be read, and for nothing else
      if (isFirst) await services.index.ensureFresh(Number.POSITIVE_INFINITY)
      else if (!(await takePassLease(services, passMs * 0.9))) return
      const startedAt = performance.now()
      const { repaired, failed } = await reconcileLibrary(services, { isThorough: false, decide: () => true })
      await services.index.keepSnapshot()
      services.metrics.reconciled(true)
      isFirst = false
      passMs = Math.max(PASS_MS, (performance.now() - startedAt) * PASS_PAUSE_FACTOR)
      if (repaired + failed > 0) services.log.info({ repaired, failed }, 'library reconciled')
    },
    (error) => {
      services.metrics.reconciled(false)
      services.log.warn({ err: error }, 'the library could not be reconciled')
    },
  )
  return {
    async stop() {
      await Promise.all([watching.stop(), passing.stop()])
    },
  }
}

async function watchRunning(services: Services): Promise<void> {
  await services.index.ensureClaimsFresh(WATCH_MS / 2)
  const looks = [
    ...services.index
      .heldClaims()
      .map((claim) => ({ roomId: claim.roomId, look: () => watchClaim(services, claim) })),
    ...recordingsBeingSaved(services).map((recording) => ({
      roomId: recording.roomId,
      look: () => watchSaving(services, recording),
    })),
  ]
  await pMap(
    looks,
    async ({ roomId, look }) => {
      try {
        await look()
      } catch (error) {
        services.log.warn(
          { err: error, code: toAppError(error).code, roomId },
          'a running recording could not be looked at',
        )
      }
    },
    { concurrency: CONCURRENCY },
  )
}

/** Runs work now and then anew, each time after a pause, until it is stopped. */
function repeat(
  pauseMs: number | (() => number),
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const run = (): void => {
    running = work()
      .catch(onError)
      .finally(() => {
        if (!isStopped) timer = setTimeout(run, typeof pauseMs === 'number' ? pauseMs : pauseMs())
      })
  }
  run()
  return {
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
