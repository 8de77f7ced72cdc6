import { BinaryWriter, WireType } from '@bufbuild/protobuf'
import { expect, test } from 'vitest'
import { PsrpcError } from './psrpc-error.ts'
import { decodeRequest, encodeRequest } from './request.ts'
import { decodeResponse, encodeResponse } from './response.ts'

test('a request comes back as it was sent, with its times in ns on the wire', () => {
  const request = {
    requestId: 'REQ_1',
    clientId: 'CLI_1',
    sentAtMs: 1_790_000_000_123,
    expiresAtMs: 1_790_000_003_123,
    payload: Buffer.from('hello'),
  }
  const bytes = encodeRequest(request)
  const wire = Buffer.from(new BinaryWriter().tag(3, WireType.Varint).int64('1790000000123000000').finish())
  expect(Buffer.from(bytes).includes(wire)).toBe(true)
  expect(decodeRequest(bytes)).toEqual({ ...request, payload: new Uint8Array(request.payload) })
})

test('fields of a request that are not needed are skipped', () => {
  const bytes = new BinaryWriter()
    .tag(5, WireType.Varint)
    .bool(true)
    .tag(7, WireType.LengthDelimited)
    .bytes(Buffer.from('0a0161120162', 'hex'))
    .tag(1, WireType.LengthDelimited)
    .string('REQ_1')
    .finish()
  expect(decodeRequest(bytes).requestId).toBe('REQ_1')
})

const answer = { requestId: 'REQ_1', serverId: 'SRV_1', sentAtMs: 1_790_000_000_123 }

test.each([
  ['a message', Buffer.from('hello')],
  ['an empty message', Buffer.alloc(0)],
])('an answer with %s comes back as it was sent', (_, payload) => {
  const read = decodeResponse(encodeResponse({ ...answer, outcome: { ok: true, payload } }))
  expect(read).toEqual({ ...answer, outcome: { ok: true, payload: new Uint8Array(payload) } })
})

test('an error keeps code and text, and is one without a text, too', () => {
  const sent = (message: string) =>
    decodeResponse(
      encodeResponse({ ...answer, outcome: { ok: false, error: new PsrpcError('not_found', message) } }),
    ).outcome
  expect(sent('no egress')).toMatchObject({ ok: false, error: { code: 'not_found', message: 'no egress' } })
  expect(sent('')).toMatchObject({ ok: false, error: { code: 'not_found', message: 'not_found' } })
})
