import { describe, expect, it } from 'vitest'
import { NO_FILTER, readLibraryFilter, recordingFilterOf, writeLibraryFilter } from './library-filter.ts'

describe('readLibraryFilter', () => {
  it.each([
    ['', NO_FILTER],
    ['search=a%26b', { ...NO_FILTER, search: 'a&b' }],
    ['from=2026-05-30&to=2026-05-31', { ...NO_FILTER, from: '2026-05-30', to: '2026-05-31' }],
    ['from=2026-02-31&to=yesterday', NO_FILTER],
    ['from=0001-01-01', NO_FILTER],
    ['status=failed', { ...NO_FILTER, status: 'failed' }],
    ['status=constructor', NO_FILTER],
    ['search=x&else=y', { ...NO_FILTER, search: 'x' }],
  ])('%s', (query, expected) => {
    expect(readLibraryFilter(query)).toEqual(expected)
  })
})

describe('writeLibraryFilter', () => {
  it.each(['', 'search=a+b', 'search=%26&from=2026-05-01&to=2026-05-31&status=running'])(
    'writes %s as it was read',
    (query) => {
      expect(writeLibraryFilter(readLibraryFilter(query))).toBe(query)
    },
  )
})

describe('recordingFilterOf', () => {
  it('asks for everything when nothing is chosen', () => {
    expect(recordingFilterOf({ ...NO_FILTER, search: '  ' })).toEqual({})
  })

  it('takes both days whole, in the time zone of whoever asks', () => {
    expect(recordingFilterOf({ ...NO_FILTER, from: '2026-05-30', to: '2026-05-31' })).toEqual({
      startedFrom: new Date(2026, 4, 30).getTime(),
      startedBefore: new Date(2026, 5, 1).getTime(),
    })
  })

  it.each([
    ['ready', ['COMPLETE', 'LIMIT_REACHED']],
    ['running', ['STARTING', 'STARTED', 'STOPPING']],
    ['failed', ['ABORTED', 'FAILED']],
  ] as const)('%s stands for %j', (status, statuses) => {
    expect(recordingFilterOf({ ...NO_FILTER, status })).toEqual({ statuses })
  })
})
