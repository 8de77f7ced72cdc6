import { gunzipSync } from 'node:zlib'
import {
  ClientInfo,
  JoinRequest,
  WrappedJoinRequest,
  WrappedJoinRequest_Compression,
} from '@livekit/protocol'
import { z } from 'zod'

/** A join request inflates to a few dozen kB. */
const MAX_JOIN_REQUEST_BYTES = 1024 * 1024

/** With its padding, as livekit-server wants it (RFC 4648, section 5). */
const BASE64URL = /^(?:[\w-]{4})*(?:[\w-]{2}==|[\w-]{3}=)?$/
const attributesSchema = z.record(z.string(), z.string())

/** What a client says when it connects, whichever way it says it. */
export interface JoinParameters {
  readonly mode: 'single' | 'dual'
  readonly autoSubscribe: boolean
  readonly reconnect: boolean
  /** Sid of the participant to resume. */
  readonly participantSid: string
  readonly clientInfo: ClientInfo
  /** Take the place of the token's, which needs permission; empty when the client says nothing. */
  readonly metadata: string
  readonly attributes: Readonly<Record<string, string>>
  /** What a `/rtc/v1` client sends along; absent in `/rtc`. */
  readonly request: JoinRequest | undefined
}

/**
 * Parameters of `/rtc` (dual peer connections), or livekit-server's text about what is wrong with them.
 * @param strict `/rtc` itself goes on without attributes it can't read
 */
export function parseQueryParameters(
  query: URLSearchParams,
  strict: boolean,
): JoinParameters | { error: string } {
  const attributes = decodeAttributes(query.get('attributes') ?? '')
  if (!attributes && strict) return { error: 'cannot decode attributes' }
  return {
    mode: 'dual',
    autoSubscribe: isTrue(query.get('auto_subscribe') ?? '1'),
    reconnect: isTrue(query.get('reconnect') ?? '0'),
    participantSid: query.get('sid') ?? '',
    clientInfo: new ClientInfo({
      version: query.get('version') ?? '',
      protocol: toInteger(query.get('protocol')),
      os: query.get('os') ?? '',
      browser: query.get('browser') ?? '',
      clientProtocol: toInteger(query.get('client_protocol')),
    }),
    metadata: '',
    attributes: attributes ?? {},
    request: undefined,
  }
}

/** Parameters of `/rtc/v1` (one peer connection), or livekit-server's text about what is wrong with them. */
export function parseJoinRequest(query: URLSearchParams): JoinParameters | { error: string } {
  const encoded = query.get('join_request')
  if (encoded === null || encoded === '') return { error: 'join_request is required' }
  if (!BASE64URL.test(encoded)) return { error: 'cannot base64 decode wrapped join request' }
  const wrapped = decoded(() => WrappedJoinRequest.fromBinary(Buffer.from(encoded, 'base64url')))
  if (!wrapped) return { error: 'cannot unmarshal wrapped join request' }
  const request = decoded(() => JoinRequest.fromBinary(inflate(wrapped)))
  if (!request) return { error: 'cannot unmarshal join request' }
  return {
    mode: 'single',
    autoSubscribe: request.connectionSettings?.autoSubscribe ?? true,
    reconnect: request.reconnect,
    participantSid: request.participantSid,
    clientInfo: request.clientInfo ?? new ClientInfo(),
    metadata: request.metadata,
    attributes: request.participantAttributes,
    request,
  }
}

function inflate({ compression, joinRequest }: WrappedJoinRequest): Uint8Array {
  return compression === WrappedJoinRequest_Compression.GZIP
    ? gunzipSync(joinRequest, { maxOutputLength: MAX_JOIN_REQUEST_BYTES })
    : joinRequest
}

/** Attributes in the query are base64url of JSON. */
function decodeAttributes(encoded: string): Record<string, string> | undefined {
  if (encoded === '') return {}
  if (!BASE64URL.test(encoded)) return undefined
  return decoded(() => attributesSchema.parse(JSON.parse(Buffer.from(encoded, 'base64url').toString())))
}

/** What `decode` returns; undefined when it can't make anything of it, which the caller answers with 400. */
function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode()
  } catch {
    // Neither gzip, protobuf nor JSON
    return undefined
  }
}

/** Clients write flags as 1, true or t. */
function isTrue(value: string): boolean {
  return ['1', 'true', 't'].includes(value.toLowerCase())
}

function toInteger(value: string | null): number {
  const number = Number(value)
  return Number.isInteger(number) && number >= 0 ? number : 0
}
