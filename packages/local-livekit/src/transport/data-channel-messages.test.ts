import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDcep, serializeDcepAck, serializeDcepOpen } from './data-channel-messages.ts'

it.each([
  { label: '_reliable', ordered: true, maxRetransmits: undefined },
  { label: '_lossy', ordered: false, maxRetransmits: 0 },
  { label: 'Träger', ordered: true, maxRetransmits: 3 },
])('an OPEN for $label comes back as it was written', (open) => {
  const bytes = serializeDcepOpen(open)
  expect(parseDcep(bytes)).toEqual({ type: 'open', open })
  for (let length = 0; length < bytes.length; length++)
    expect(typeof parseDcep(bytes.subarray(0, length))).toBe('string')
})

it('knows an ACK', () => {
  expect(parseDcep(serializeDcepAck())).toEqual({ type: 'ack' })
})

it('any bytes give a message or a reason', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(['string', 'object']).toContain(typeof parseDcep(Buffer.from(bytes)))
    }),
  )
})
