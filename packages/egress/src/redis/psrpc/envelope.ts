import { gunzipSync } from 'node:zlib'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf'

const TYPE_PREFIX = 'type.googleapis.com/internal.'
const GZIP = 1

/** The most that a compressed payload may unfold to, in bytes. */
export const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024

/** The messages that psrpc itself sends; on each channel exactly one of them is expected. */
export type MessageType = 'Request' | 'Response' | 'ClaimRequest' | 'ClaimResponse'

/** What a Redis payload of psrpc carries (`Msg` of psrpc's Redis bus). */
export interface Envelope {
  /** The name after `internal.`; whatever the sender wrote, so compare it before decoding. */
  type: string
  value: Uint8Array
}

/**
 * A payload for PUBLISH. The type has to be the channel's own: livekit-server panics on another one.
 */
export function encodeEnvelope(type: MessageType, value: Uint8Array): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(TYPE_PREFIX + type)
    .tag(2, WireType.LengthDelimited)
    .bytes(value)
    .finish()
}

/**
 * Reads a payload, with field 4 (compression, 1 = gzip) of psrpc 0.7.7 and newer.
 *
 * @throws if the bytes are no message of psrpc, are compressed in an unknown way, or unfold to more than
 * {@link MAX_PAYLOAD_BYTES}
 */
export function decodeEnvelope(payload: Uint8Array): Envelope {
  const reader = new BinaryReader(payload)
  let typeUrl = ''
  let value: Uint8Array = new Uint8Array()
  let compression = 0
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) typeUrl = reader.string()
    else if (field === 2) value = reader.bytes()
    else if (field === 4) compression = reader.int32()
    else reader.skip(wireType)
  }
  if (!typeUrl.startsWith(TYPE_PREFIX)) throw new Error(`no message of psrpc: ${typeUrl}`)
  const type = typeUrl.slice(TYPE_PREFIX.length)
  if (compression === 0) return { type, value }
  if (compression !== GZIP) throw new Error(`compression ${compression} is unknown, 1 (gzip) is known`)
  return { type, value: gunzipSync(value, { maxOutputLength: MAX_PAYLOAD_BYTES }) }
}
