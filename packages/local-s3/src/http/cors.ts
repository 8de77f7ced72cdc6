import type { ServerResponse } from 'node:http'
import { headerOf, type S3Request } from './s3-request.ts'

/** The star stands for all of them where a page sends no credentials. */
const EXPOSED = [
  'Date',
  'ETag',
  'Server',
  'Accept-Ranges',
  'Content-Range',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'Content-Disposition',
  'Content-Language',
  'Last-Modified',
  'Cache-Control',
  'Expires',
  'x-amz-request-id',
  '*',
].join(', ')

/** A preflight asks what another request would be allowed, by its method. */
export function isPreflight(request: S3Request): boolean {
  return request.method === 'OPTIONS' && headerOf(request, 'access-control-request-method') !== undefined
}

/**
 * Lets a page of any origin use the endpoint, as MinIO does. That gives nothing away: a request still has to be signed,
 * and no cookie is ever looked at.
 */
export function setCorsHeaders(request: S3Request, response: ServerResponse): void {
  response.appendHeader('Vary', 'Origin')
  if (!allowOrigin(request, response)) return
  response.setHeader('Access-Control-Expose-Headers', EXPOSED)
}

/** Answers a preflight, which browsers never sign. */
export function answerPreflight(request: S3Request, response: ServerResponse): void {
  response.setHeader(
    'Vary',
    'Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network',
  )
  if (allowOrigin(request, response)) {
    const method = headerOf(request, 'access-control-request-method') ?? ''
    response.setHeader('Access-Control-Allow-Methods', method)
    const wanted = headerOf(request, 'access-control-request-headers')
    if (wanted !== undefined) response.setHeader('Access-Control-Allow-Headers', wanted)
    // A page from the network may then reach a server on this machine
    if (headerOf(request, 'access-control-request-private-network') === 'true')
      response.setHeader('Access-Control-Allow-Private-Network', 'true')
  }
  response.writeHead(204).end()
}

function allowOrigin(request: S3Request, response: ServerResponse): boolean {
  const origin = headerOf(request, 'origin')
  if (origin === undefined) return false
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Allow-Credentials', 'true')
  return true
}
