import { MAX_SHARE_SECONDS } from '@roomreel/contracts'
import { expect, it } from 'vitest'
import { sweepShares } from '../../src/share/sweep-shares.ts'
import { hashSecret, makeShareToken } from '../../src/share/share-token.ts'
import { startLibrary } from '../library/a-library.ts'

it('sweeps links when they have expired for certain, and not before', async () => {
  await using library = await startLibrary()
  let now = Date.now()
  const services = library.replica(() => now)
  const { linkId, secret } = makeShareToken('Board.mp4')
  await services.shares.add({
    linkId,
    recordingName: 'Board.mp4',
    mayDownload: false,
    createdAt: now,
    expiresAt: now + MAX_SHARE_SECONDS * 1000,
    createdBy: { kind: 'admin' },
    secretHash: hashSecret(secret),
  })
  // S3 has a clock of its own, of whole seconds
  now += MAX_SHARE_SECONDS * 1000 - 60_000
  expect(await sweepShares(services)).toBe(0)
  expect(await services.shares.get(linkId)).toMatchObject({ linkId })
  now += 2 * 60_000
  expect(await sweepShares(services)).toBe(1)
  expect(await services.shares.get(linkId)).toBeUndefined()
})
