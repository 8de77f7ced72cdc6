import { sweepAudit } from '../audit/sweep-audit.ts'
import type { Services } from '../services.ts'
import { sweepShares } from '../share/sweep-shares.ts'

/** ms from the start of a process to its first sweep, and between two. */
const FIRST_SWEEP_MS = 60 * 60_000
const SWEEP_EVERY_MS = 24 * 60 * 60_000

/** Deletes once a day what nobody needs any more. @returns its end */
export function sweepDaily(services: Services): () => void {
  const sweep = async (): Promise<void> => {
    try {
      const [links, auditObjects] = [await sweepShares(services), await sweepAudit(services)]
      services.log.info({ links, auditObjects }, 'swept')
    } catch (error) {
      services.log.warn({ err: error }, 'the daily sweep failed; there is another one tomorrow')
    }
  }
  const schedule = (ms: number): NodeJS.Timeout =>
    setTimeout(() => {
      timer = schedule(SWEEP_EVERY_MS)
      void sweep()
    }, ms).unref()
  let timer = schedule(FIRST_SWEEP_MS)
  return () => clearTimeout(timer)
}
