import { expect, test } from 'vitest'
import { channelName } from './channel-name.ts'

test.each([
  [['EgressInternal', 'StartEgress', ''], 'REQ', 'EgressInternal|StartEgress|REQ'],
  [['EgressHandler', 'StopEgress', 'EG_a1'], 'RCLAIM', 'EgressHandler|StopEgress|EG_a1|RCLAIM'],
  [['IOInfo', 'CLI_x'], 'RES', 'IOInfo|CLI_x|RES'],
  [['S', 'a-b|ü'], 'REQ', 'S|au+002dbu+007cu+00fc|REQ'],
  [['S', '😀'], 'CLAIM', 'S|U+0001f600|CLAIM'],
] as const)('%j %s is %s', (parts, kind, expected) => {
  expect(channelName(parts, kind)).toBe(expected)
})
