import { describe, expect, it } from 'vitest'
import { adminDeviceOf, signAdminDevice } from './admin-device.ts'
import { SESSION_SECONDS, signAdminSession, verifyAdminSession } from './admin-session.ts'
import { deriveSigningKeys } from './signing-keys.ts'

const keys = deriveSigningKeys('secret')
const NOW = 1_800_000_000_000

describe('a session of the admin', () => {
  it('ends when it is over, whatever the browser thinks', async () => {
    const session = await signAdminSession(keys, NOW)
    await verifyAdminSession(keys, session, NOW + SESSION_SECONDS * 1000 - 1)
    await expect(verifyAdminSession(keys, session, NOW + SESSION_SECONDS * 1000)).rejects.toMatchObject({
      code: 'UNAUTHORIZED',
    })
  })

  it('ends everywhere with another secret', async () => {
    const changed = deriveSigningKeys('another')
    const session = await signAdminSession(keys, NOW)
    await expect(verifyAdminSession(changed, session, NOW)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await adminDeviceOf(changed, await signAdminDevice(keys, undefined, NOW), NOW)).toBeUndefined()
  })

  it('is nothing that a device can pass for, or the other way round', async () => {
    const device = await signAdminDevice(keys, undefined, NOW)
    await expect(verifyAdminSession(keys, device, NOW)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await adminDeviceOf(keys, await signAdminSession(keys, NOW), NOW)).toBeUndefined()
    const known = await adminDeviceOf(keys, device, NOW)
    expect(known).toMatch(/^[\w-]{36}$/)
    expect(await adminDeviceOf(keys, await signAdminDevice(keys, known, NOW), NOW)).toBe(known)
  })
})
