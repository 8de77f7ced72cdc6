import { gzipSync } from 'node:zlib'
import { BinaryWriter, WireType } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { decodeEnvelope, encodeEnvelope, MAX_PAYLOAD_BYTES } from './envelope.ts'

const typeUrl = 'type.googleapis.com/internal.Request'

function compressed(value: Uint8Array, compression: number): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.LengthDelimited)
    .string(typeUrl)
    .tag(2, WireType.LengthDelimited)
    .bytes(value)
    .tag(4, WireType.Varint)
    .int32(compression)
    .finish()
}

test('an envelope names its type and comes back as it was sent', () => {
  const bytes = encodeEnvelope('Request', Buffer.from('hello'))
  expect(Buffer.from(bytes).toString('latin1')).toBe(`\x0a\x24${typeUrl}\x12\x05hello`)
  const read = decodeEnvelope(bytes)
  expect([read.type, Buffer.from(read.value).toString()]).toEqual(['Request', 'hello'])
})

test('a gzipped value of a newer server is unfolded', () => {
  const read = decodeEnvelope(compressed(gzipSync('hello'), 1))
  expect([read.type, Buffer.from(read.value).toString()]).toEqual(['Request', 'hello'])
})

test.each([
  ['an unknown compression', compressed(Buffer.from('hello'), 2), 'compression 2 is unknown'],
  [
    'more than the limit once unfolded',
    compressed(gzipSync(Buffer.alloc(MAX_PAYLOAD_BYTES + 1)), 1),
    'larger than 4194304 bytes',
  ],
  [
    'another type',
    new BinaryWriter().tag(1, WireType.LengthDelimited).string('type.googleapis.com/livekit.Room').finish(),
    'no message of psrpc',
  ],
  [
    'a payload that is cut off',
    encodeEnvelope('Request', Buffer.from('hello')).subarray(0, 20),
    'premature EOF',
  ],
])('%s is an error', (_, payload, message) => {
  expect(() => decodeEnvelope(payload)).toThrow(message)
})
