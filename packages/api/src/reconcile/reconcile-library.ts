import pMap from 'p-map'
import { toAppError } from '../app-error.ts'
import type { Services } from '../services.ts'
import { applyRepair } from './apply-repair.ts'
import { planRepairs, type RepairPlan } from './plan-repairs.ts'
import type { Repair } from './repair.ts'
import { survey } from './survey.ts'

/** Repairs made side by side. */
const CONCURRENCY = 4

export interface ReconcileOptions {
  /** Whether everything is to be looked at, and mass losses are to be believed: somebody asked for it. */
  readonly isThorough: boolean
  /** Hears of each repair before it is made; answers whether it is to be made. */
  readonly decide: (repair: Repair) => boolean
}

export interface ReconcileResult {
  readonly repaired: number
  readonly failed: number
  readonly warning: string | undefined
}

/**
 * Compares LiveKit's egresses, the bucket's files and what is known of them, and repairs what differs. Safe beside
 * a running system, and on several replicas at once.
 * @throws AppError SERVICE_UNAVAILABLE when LiveKit or S3 can't be looked at
 */
export async function reconcileLibrary(
  services: Services,
  { isThorough, decide }: ReconcileOptions,
): Promise<ReconcileResult> {
  const plan: RepairPlan = planRepairs(await survey(services), {
    appName: services.config.appName,
    keys: services.keys,
    isThorough,
  })
  if (plan.warning !== undefined) services.log.error(plan.warning)
  let repaired = 0
  let failed = 0
  await pMap(
    plan.repairs.filter((repair) => decide(repair)),
    async (repair) => {
      try {
        await applyRepair(services, repair)
        repaired++
        services.metrics.repaired(repair.kind, true)
      } catch (error) {
        failed++
        services.metrics.repaired(repair.kind, false)
        services.log.warn(
          { err: error, code: toAppError(error).code, repair: repair.kind },
          'a repair failed',
        )
      }
    },
    { concurrency: CONCURRENCY },
  )
  return { repaired, failed, warning: plan.warning }
}
