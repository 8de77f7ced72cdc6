import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf'

/** A server's offer to carry out a request (`internal.ClaimRequest` of psrpc 0.7.2). */
export interface ClaimRequest {
  requestId: string
  serverId: string
  /** How gladly, 0…1. */
  affinity: number
  /** The server is at it already and waits for no grant (psrpc 0.7.7 and newer). */
  isHandling: boolean
}

/** The client's choice among the offers (`internal.ClaimResponse`). */
export interface ClaimResponse {
  requestId: string
  serverId: string
}

export function encodeClaimRequest({ requestId, serverId, affinity, isHandling }: ClaimRequest): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).string(requestId)
  writer.tag(2, WireType.LengthDelimited).string(serverId)
  writer.tag(3, WireType.Bit32).float(affinity)
  if (isHandling) writer.tag(4, WireType.Varint).bool(true)
  return writer.finish()
}

/** @throws if the bytes are no protobuf message */
export function decodeClaimRequest(bytes: Uint8Array): ClaimRequest {
  const reader = new BinaryReader(bytes)
  const claim: ClaimRequest = { requestId: '', serverId: '', affinity: 0, isHandling: false }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) claim.requestId = reader.string()
    else if (field === 2) claim.serverId = reader.string()
    else if (field === 3) claim.affinity = reader.float()
    else if (field === 4) claim.isHandling = reader.bool()
    else reader.skip(wireType)
  }
  return claim
}

export function encodeClaimResponse({ requestId, serverId }: ClaimResponse): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.LengthDelimited).string(requestId)
  writer.tag(2, WireType.LengthDelimited).string(serverId)
  return writer.finish()
}

/** @throws if the bytes are no protobuf message */
export function decodeClaimResponse(bytes: Uint8Array): ClaimResponse {
  const reader = new BinaryReader(bytes)
  const claim: ClaimResponse = { requestId: '', serverId: '' }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) claim.requestId = reader.string()
    else if (field === 2) claim.serverId = reader.string()
    else reader.skip(wireType)
  }
  return claim
}
