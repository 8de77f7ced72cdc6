import { gunzipSync } from 'node:zlib'
import {
  ClientInfo,
  JoinRequest,
  WrappedJoinRequest,
  WrappedJoinRequest_Compression,
} from '@livekit/protocol'

/** A join request inflates to a few dozen kB. */
const MAX_JOIN_REQUEST_BYTES = 1024 * 1024

/** What a client says when it connects, whichever way it says it. */
export interface JoinParameters {
  readonly mode: 'single' | 'dual'
  readonly autoSubscribe: boolean
  readonly reconnect: boolean
  /** Sid of the participant to resume. */
  readonly participantSid: string
  readonly clientInfo: ClientInfo
  /** What a `/rtc/v1` client sends along; absent in `/rtc`. */
  readonly request: JoinRequest | undefined
}

/** Parameters of `/rtc` (dual peer connections). */
export function parseQueryParameters(query: URLSearchParams): JoinParameters {
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
    request: undefined,
  }
}

/** Parameters of `/rtc/v1` (one peer connection), or livekit-server's text about what is wrong with them. */
export function parseJoinRequest(query: URLSearchParams): JoinParameters | { error: string } {
  const encoded = query.get('join_request')
  if (encoded === null || encoded === '') return { error: 'join_request is required' }
  const request = decodeJoinRequest(encoded)
  if (!request) return { error: 'cannot unmarshal join request' }
  return {
    mode: 'single',
    autoSubscribe: request.connectionSettings?.autoSubscribe ?? true,
    reconnect: request.reconnect,
    participantSid: request.participantSid,
    clientInfo: request.clientInfo ?? new ClientInfo(),
    request,
  }
}

function decodeJoinRequest(encoded: string): JoinRequest | undefined {
  try {
    const wrapped = WrappedJoinRequest.fromBinary(Buffer.from(encoded, 'base64url'))
    const isCompressed = wrapped.compression === WrappedJoinRequest_Compression.GZIP
    return JoinRequest.fromBinary(
      isCompressed
        ? gunzipSync(wrapped.joinRequest, { maxOutputLength: MAX_JOIN_REQUEST_BYTES })
        : wrapped.joinRequest,
    )
  } catch {
    // Neither gzip nor protobuf; the caller answers 400
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
