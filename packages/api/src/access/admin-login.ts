import type { SessionOutput } from '@roomreel/contracts'
import { AppError } from '../app-error.ts'
import type { ApiContext } from '../context.ts'
import { adminDeviceOf, signAdminDevice } from './admin-device.ts'
import { isAdminPassword, signAdminSession, verifyAdminSession } from './admin-session.ts'

/** @throws AppError UNAUTHORIZED for a wrong password, TOO_MANY_REQUESTS after too many of them */
export async function login({ services, request }: ApiContext, password: string): Promise<SessionOutput> {
  const { config, rateLimits, signingKeys, now } = services
  const device = await adminDeviceOf(signingKeys, request.device, now())
  // No pause from here to the count: many guesses at once are counted one by one
  rateLimits.checkLogin(request.address, device)
  if (!isAdminPassword(config.adminPassword, password)) {
    rateLimits.countFailedLogin(request.address, device)
    services.log.warn({ address: request.address }, 'log-in failed')
    throw new AppError('UNAUTHORIZED', 'That password is not right.')
  }
  rateLimits.loggedIn(request.address, device)
  request.setSession(await signAdminSession(signingKeys, now()))
  request.setDevice(await signAdminDevice(signingKeys, device, now()))
  return { role: 'admin' }
}

export function logout({ request }: ApiContext): SessionOutput {
  request.setSession(undefined)
  return { role: 'anonymous' }
}

/** Whether the cookie is the admin's; an expired one is no error, it just is nobody's any more. */
export async function sessionOf({ services, request }: ApiContext): Promise<SessionOutput> {
  const { session } = request.credentials
  if (session === undefined) return { role: 'anonymous' }
  try {
    await verifyAdminSession(services.signingKeys, session, services.now())
    return { role: 'admin' }
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHORIZED') return { role: 'anonymous' }
    throw error
  }
}
