import { describe, expect, it } from 'vitest'
import { parseRoomMetadata } from './room-metadata.ts'

describe('parseRoomMetadata', () => {
  it.each([
    ['nothing', undefined, {}],
    ['an empty text', '', {}],
    ['no JSON', 'hello', {}],
    ['JSON that is no object', '[1]', {}],
    [
      'our keys',
      '{"createdBy":"x","recordingStatus":"STARTED"}',
      { createdBy: 'x', recordingStatus: 'STARTED' },
    ],
    ["other people's keys, which are kept", '{"theme":{"dark":true}}', { theme: { dark: true } }],
    ['a status that is none', '{"recordingStatus":"ON","theme":1}', { recordingStatus: undefined, theme: 1 }],
  ])('reads %s', (_what, text, expected) => {
    expect(parseRoomMetadata(text)).toEqual(expected)
  })
})
