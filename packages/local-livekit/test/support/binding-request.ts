import { createHmac, randomBytes } from 'node:crypto'

const HEADER_LENGTH = 20
const INTEGRITY_LENGTH = 24
const USERNAME = 0x0006
const MESSAGE_INTEGRITY = 0x0008
const USE_CANDIDATE = 0x0025

/** What a client checks its path with and nominates it (RFC 8445, section 7.2.2), all in one request. */
export function bindingRequest(username: string, password: string): Buffer {
  const attributes = Buffer.concat([attribute(USERNAME, Buffer.from(username)), attribute(USE_CANDIDATE)])
  const header = Buffer.from('000100002112a442000000000000000000000000', 'hex')
  // Counted as if the integrity were there (RFC 8489, section 14.5)
  header.writeUInt16BE(attributes.length + INTEGRITY_LENGTH, 2)
  randomBytes(12).copy(header, HEADER_LENGTH - 12)
  const covered = Buffer.concat([header, attributes])
  const integrity = createHmac('sha1', password).update(covered).digest()
  return Buffer.concat([covered, attribute(MESSAGE_INTEGRITY, integrity)])
}

function attribute(type: number, value: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt16BE(type, 0)
  header.writeUInt16BE(value.length, 2)
  return Buffer.concat([header, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}
