import type { SessionOutput } from '@roomreel/contracts'
import { AppError } from '../app-error.ts'
import type { ApiContext } from '../context.ts'
import { isAdminPassword, signAdminSession, verifyAdminSession } from './admin-session.ts'

/** @throws AppError UNAUTHORIZED for a wrong password, TOO_MANY_REQUESTS after too many of them */
export async function login({ services, request }: ApiContext, password: string): Promise<SessionOutput> {
  await services.rateLimits.checkLogin(request.address)
  if (!isAdminPassword(services.config.adminPassword, password)) {
    await services.rateLimits.countFailedLogin(request.address)
    services.log.warn({ address: request.address }, 'log-in failed')
    throw new AppError('UNAUTHORIZED', 'That password is not right.')
  }
  request.setSession(await signAdminSession(services.signingKeys, services.now()))
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
