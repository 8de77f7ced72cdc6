import { z } from 'zod'
import type { Services } from '../services.ts'

const LeaseSchema = z.object({
  /** ms since the epoch of the last pass. */
  startedAt: z.number(),
})

/**
 * Lets one of all replicas go through the whole library at a time. It only saves work: two passes at once do no
 * harm, so a record that is lost or unreadable does not matter.
 * @param intervalMs since the last pass
 * @returns whether the caller is to go
 */
export async function takePassLease(
  { keys, now, objects }: Pick<Services, 'keys' | 'now' | 'objects'>,
  intervalMs: number,
): Promise<boolean> {
  const stored = await objects.getText(keys.passLease)
  const lease = stored && parseLease(stored.text)
  if (lease && Math.abs(now() - lease.startedAt) < intervalMs) return false
  const condition = stored ? { ifMatch: stored.etag } : ({ ifNew: true } as const)
  return (await objects.putJson(keys.passLease, { startedAt: now() }, condition)) !== undefined
}

function parseLease(text: string): z.infer<typeof LeaseSchema> | undefined {
  try {
    return LeaseSchema.safeParse(JSON.parse(text)).data
  } catch {
    // Whatever it is, it is overwritten with the next lease
    return undefined
  }
}
