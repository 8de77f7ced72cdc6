import { type ApiRequest, DEVICE_SECONDS } from '@roomreel/api'
import type { FastifyReply, FastifyRequest } from 'fastify'

const DEVICE_COOKIE = 'roomreel_device'

/** The cookie of a browser in which the admin has logged in before, for the log-in alone. */
export function adminDevice(
  request: FastifyRequest,
  reply: FastifyReply,
): Pick<ApiRequest, 'device' | 'setDevice'> {
  return {
    device: request.cookies[DEVICE_COOKIE],
    setDevice(token) {
      reply.setCookie(DEVICE_COOKIE, token, {
        path: '/trpc',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        maxAge: DEVICE_SECONDS,
      })
    },
  }
}
