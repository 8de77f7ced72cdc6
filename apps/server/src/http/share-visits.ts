import { type ApiRequest, SHARE_VISIT_SECONDS } from '@roomreel/api'
import type { FastifyReply, FastifyRequest } from 'fastify'

const PREFIX = 'roomreel_share_'
/** Visits that a browser keeps; the header of its cookies stays short however many links it opens. */
const MAX_VISITS = 8

/** The cookies of the share links that a browser has entered, one for each, for the tRPC routes alone. */
export function shareVisits(
  request: FastifyRequest,
  reply: FastifyReply,
): Pick<ApiRequest, 'shareVisit' | 'setShareVisit'> {
  const attributes = {
    path: '/trpc',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  } as const
  return {
    shareVisit: (linkId) => request.cookies[PREFIX + linkId],
    setShareVisit(linkId, token) {
      const name = PREFIX + linkId
      // Browsers send the oldest first (RFC 6265, section 5.4)
      const others = Object.keys(request.cookies).filter(
        (other) => other.startsWith(PREFIX) && other !== name,
      )
      for (const old of others.slice(0, Math.max(0, others.length - MAX_VISITS + 1))) {
        reply.clearCookie(old, attributes)
      }
      reply.setCookie(name, token, { ...attributes, maxAge: SHARE_VISIT_SECONDS })
    },
  }
}
