import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf'

/** A call (`internal.Request` of psrpc 0.7.2). Times are ms since the epoch; on the wire they are ns. */
export interface PsrpcRequest {
  requestId: string
  /** Offers and the answer are sent to this client. */
  clientId: string
  sentAtMs: number
  /** Afterwards nobody waits for an answer. The clocks of both machines matter. */
  expiresAtMs: number
  /** The method's own message, as protobuf. */
  payload: Uint8Array
}

export function encodeRequest(request: PsrpcRequest): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).string(request.requestId)
  writer.tag(2, WireType.LengthDelimited).string(request.clientId)
  writer.tag(3, WireType.Varint).int64(nanosecondsOf(request.sentAtMs))
  writer.tag(4, WireType.Varint).int64(nanosecondsOf(request.expiresAtMs))
  writer.tag(8, WireType.LengthDelimited).bytes(request.payload)
  return writer.finish()
}

/** @throws if the bytes are no protobuf message */
export function decodeRequest(bytes: Uint8Array): PsrpcRequest {
  const reader = new BinaryReader(bytes)
  const request: PsrpcRequest = {
    requestId: '',
    clientId: '',
    sentAtMs: 0,
    expiresAtMs: 0,
    payload: new Uint8Array(),
  }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) request.requestId = reader.string()
    else if (field === 2) request.clientId = reader.string()
    else if (field === 3) request.sentAtMs = millisecondsOf(reader.int64())
    else if (field === 4) request.expiresAtMs = millisecondsOf(reader.int64())
    else if (field === 8) request.payload = reader.bytes()
    else reader.skip(wireType)
  }
  return request
}

function nanosecondsOf(ms: number): string {
  return (BigInt(Math.round(ms)) * 1_000_000n).toString()
}

function millisecondsOf(nanoseconds: bigint | string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n)
}
