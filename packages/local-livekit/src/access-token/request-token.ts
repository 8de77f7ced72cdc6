import type { IncomingMessage } from 'node:http'

const BEARER = 'Bearer '

/** The token of a request: the Authorization header, or the query parameter `access_token`. */
export function requestToken(request: IncomingMessage, url: URL): string | undefined {
  const header = request.headers.authorization
  if (header !== undefined && header !== '')
    return header.startsWith(BEARER) ? header.slice(BEARER.length) : ''
  return url.searchParams.get('access_token') ?? undefined
}
