import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { S3Error } from '../s3-error.ts'
import { element, optionalElement, renderXml, type XmlElement } from './xml.ts'

export function sendXml(
  response: ServerResponse,
  root: string,
  children: readonly XmlElement[],
  headers: OutgoingHttpHeaders = {},
): void {
  const body = renderXml(root, children)
  response.writeHead(200, {
    ...headers,
    'Content-Type': 'application/xml',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}

export function sendEmpty(
  response: ServerResponse,
  status: 200 | 204,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, status === 204 ? headers : { ...headers, 'Content-Length': 0 }).end()
}

export interface ErrorContext {
  readonly requestId: string
  readonly instance: string
  /** Path of the request. */
  readonly resource: string
  /** Absent where the request was not understood or has none. */
  readonly bucket: string | undefined
  readonly key: string | undefined
}

/**
 * An error as S3 words it. HEAD gets the status alone.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses
 */
export function sendError(response: ServerResponse, error: S3Error, about: ErrorContext): void {
  const body = renderXml('Error', [
    element('Code', error.code),
    element('Message', error.message),
    ...optionalElement('Key', about.key),
    ...optionalElement('BucketName', about.bucket),
    ...Object.entries(error.details).map(([name, value]) => element(name, value)),
    element('Resource', about.resource),
    element('RequestId', about.requestId),
    element('HostId', about.instance),
  ])
  for (const name of response.getHeaderNames()) {
    // What a half-prepared success has set would be wrong for an error
    if (/^(content-|etag|last-modified|cache-control|expires)/.test(name)) response.removeHeader(name)
  }
  response.writeHead(error.status, {
    ...error.headers,
    'Content-Type': 'application/xml',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
