import { expect, it } from 'vitest'
import { auditKeys, timeOfBatch } from './audit-keys.ts'

const keys = auditKeys('recordings/')

it('names objects so that they sort by time, and tell it', () => {
  const times = [0, 1, 999, 1_000, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000]
  const names = times.map((at) => keys.batch('Board-RM_1-1.mp4', at))
  expect(names.toSorted()).toEqual(names)
  expect(names.map(timeOfBatch)).toEqual(times)
  expect(names.every((name) => name.startsWith(keys.folder('Board-RM_1-1.mp4')))).toBe(true)
})

it.each(['recordings/.audit/x.mp4/notes.txt', 'recordings/.audit/x/20269999T999999.999Z-ab.ndjson', ''])(
  'takes no time from %s',
  (key) => {
    expect(timeOfBatch(key)).toBeUndefined()
  },
)
