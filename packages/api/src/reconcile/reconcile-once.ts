import type { Logger } from 'pino'
import type { ApiConfig } from '../api-config.ts'
import { createServices } from '../create-services.ts'
import { unmeasured } from '../metrics/metrics.ts'
import { reconcileLibrary, type ReconcileResult } from './reconcile-library.ts'
import { describeRepair } from './repair.ts'

/** What a reconciliation on demand is told. */
export interface ReconcileOnceOptions {
  /** Whether repairs are made, or only told. */
  readonly isApplied: boolean
  /** Hears of each repair, in a line. */
  readonly onRepair: (line: string) => void
  /** The clock, ms since the epoch. */
  readonly now?: () => number
}

/**
 * Goes through the whole library once, beside a running system or without one.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function reconcileOnce(
  config: ApiConfig,
  log: Logger,
  { isApplied, onRepair, now = Date.now }: ReconcileOnceOptions,
): Promise<ReconcileResult> {
  const services = createServices(config, log, now, unmeasured)
  try {
    return await reconcileLibrary(services, {
      isThorough: true,
      decide: (repair) => {
        onRepair(describeRepair(repair))
        return isApplied
      },
    })
  } finally {
    await services.index.close()
    services.objects.close()
  }
}
