import type { ServerResponse } from 'node:http'
import { headerOf, type S3Request } from './s3-request.ts'

const METHODS = 'GET, HEAD, PUT, POST, DELETE'
const EXPOSED = [
  'ETag',
  'Content-Length',
  'Content-Range',
  'Accept-Ranges',
  'Last-Modified',
  'Content-Disposition',
  'x-amz-request-id',
  'x-amz-version-id',
  'x-amz-mp-parts-count',
].join(', ')
const MAX_AGE_SECONDS = '3600'

/**
 * Lets a page of any origin use the endpoint, as a bucket with a wide open CORS configuration would. That gives nothing
 * away: a request still has to be signed, and no cookie is ever looked at.
 */
export function setCorsHeaders(request: S3Request, response: ServerResponse): void {
  if (headerOf(request, 'origin') === undefined) return
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Access-Control-Expose-Headers', EXPOSED)
  response.appendHeader('Vary', 'Origin')
}

/** Answers a preflight, which browsers never sign. */
export function answerPreflight(request: S3Request, response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Methods', METHODS)
  const wanted = headerOf(request, 'access-control-request-headers')
  if (wanted !== undefined) response.setHeader('Access-Control-Allow-Headers', wanted)
  // A page from the network may then reach a server on this machine
  if (headerOf(request, 'access-control-request-private-network') === 'true')
    response.setHeader('Access-Control-Allow-Private-Network', 'true')
  response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS)
  response.appendHeader('Vary', 'Access-Control-Request-Headers')
  response.writeHead(200, { 'Content-Length': 0 }).end()
}
