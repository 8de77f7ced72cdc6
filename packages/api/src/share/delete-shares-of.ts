import type { Services } from '../services.ts'

/**
 * Removes every link of a recording. It can be repeated.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function deleteSharesOf(
  { shares }: Pick<Services, 'shares'>,
  recordingName: string,
): Promise<void> {
  for (const { linkId } of await shares.listOf(recordingName)) await shares.remove(linkId)
}
