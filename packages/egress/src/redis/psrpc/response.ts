import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf'
import { PsrpcError } from './psrpc-error.ts'

/** How a call ended: with the method's message as protobuf, or an error. */
export type PsrpcOutcome =
  { readonly ok: true; readonly payload: Uint8Array } | { readonly ok: false; readonly error: PsrpcError }

/** An answer (`internal.Response` of psrpc 0.7.2). */
export interface PsrpcResponse {
  requestId: string
  serverId: string
  sentAtMs: number
  outcome: PsrpcOutcome
}

export function encodeResponse({ requestId, serverId, sentAtMs, outcome }: PsrpcResponse): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).string(requestId)
  writer.tag(2, WireType.LengthDelimited).string(serverId)
  writer.tag(3, WireType.Varint).int64((BigInt(Math.round(sentAtMs)) * 1_000_000n).toString())
  if (outcome.ok) {
    if (outcome.payload.length > 0) writer.tag(7, WireType.LengthDelimited).bytes(outcome.payload)
  } else {
    // An empty text would count as success
    writer.tag(5, WireType.LengthDelimited).string(outcome.error.message || outcome.error.code)
    writer.tag(6, WireType.LengthDelimited).string(outcome.error.code)
  }
  return writer.finish()
}

/** @throws if the bytes are no protobuf message */
export function decodeResponse(bytes: Uint8Array): PsrpcResponse {
  const reader = new BinaryReader(bytes)
  let [requestId, serverId, error, code] = ['', '', '', '']
  let sentAtMs = 0
  let payload: Uint8Array = new Uint8Array()
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) requestId = reader.string()
    else if (field === 2) serverId = reader.string()
    else if (field === 3) sentAtMs = Number(BigInt(reader.int64()) / 1_000_000n)
    else if (field === 5) error = reader.string()
    else if (field === 6) code = reader.string()
    else if (field === 7) payload = reader.bytes()
    else reader.skip(wireType)
  }
  const outcome: PsrpcOutcome =
    error === '' ? { ok: true, payload } : { ok: false, error: new PsrpcError(code || 'unknown', error) }
  return { requestId, serverId, sentAtMs, outcome }
}
