import { describe, expect, it } from 'vitest'
import { applyRecordingEvent } from './apply-recording-event.ts'
import type { ListedPage, ListedRecording } from './listed-recording.ts'

function recording(id: string, startedAt: number, more: Partial<ListedRecording> = {}): ListedRecording {
  return {
    id,
    name: `${id}.mp4`,
    roomName: 'Room',
    roomId: 'RM_1',
    startedAt,
    duration: 1,
    size: 1,
    status: 'COMPLETE',
    ...more,
  }
}

const two: ListedPage[] = [
  { items: [recording('c', 30), recording('b', 20)], nextCursor: 'x' },
  { items: [recording('a', 10)] },
]
const always = () => true
const ids = (pages: readonly ListedPage[]) => pages.map((page) => page.items.map((item) => item.id))

describe('applyRecordingEvent', () => {
  it.each([
    ['the newest goes first', recording('d', 40), two, [['d', 'c', 'b'], ['a']]],
    [
      'one in between goes between',
      recording('d', 15),
      two,
      [
        ['c', 'b'],
        ['d', 'a'],
      ],
    ],
    [
      'the oldest goes last where the end is loaded',
      recording('d', 5),
      two,
      [
        ['c', 'b'],
        ['a', 'd'],
      ],
    ],
    ['the oldest waits for its page where it is not', recording('d', 5), two.slice(0, 1), [['c', 'b']]],
    ['into an empty list', recording('d', 5), [{ items: [] }], [['d']]],
    ['into a list that is not loaded', recording('d', 5), [], []],
  ])('%s', (_what, news, pages, expected) => {
    expect(ids(applyRecordingEvent(pages, { type: 'status', recording: news }, always))).toEqual(expected)
  })

  it('replaces what it knows by the same id, also when the file gets its name only now', () => {
    const pages = [{ items: [recording('a', 10, { name: '', status: 'STARTING', updatedAt: 1 })] }]
    const saved = recording('a', 10, { updatedAt: 2 })
    expect(applyRecordingEvent(pages, { type: 'saved', recording: saved }, always)).toEqual([
      { items: [saved] },
    ])
  })

  it('keeps what is newer than the news', () => {
    const pages = [{ items: [recording('a', 10, { updatedAt: 5 })] }]
    const late = recording('a', 10, { status: 'STARTED', updatedAt: 4 })
    expect(applyRecordingEvent(pages, { type: 'status', recording: late }, always)).toEqual(pages)
  })

  it('takes away what was deleted, and only that', () => {
    const event = { type: 'deleted', recordingName: 'b.mp4' } as const
    expect(ids(applyRecordingEvent(two, event, always))).toEqual([['c'], ['a']])
  })

  it('leaves the pages that it was given as they are', () => {
    const before = structuredClone(two)
    applyRecordingEvent(two, { type: 'saved', recording: recording('d', 40) }, always)
    expect(two).toEqual(before)
  })

  it('never takes a recording whose file has no name yet', () => {
    const pages = [{ items: [recording('a', 10, { name: '' })] }]
    expect(applyRecordingEvent(pages, { type: 'deleted', recordingName: '' }, always)).toEqual(pages)
  })

  it('knows a file that was found by its name when its recorder is known later', () => {
    const pages = [{ items: [recording('', 10, { name: 'a.mp4' })] }]
    const found = recording('EG_1', 10, { name: 'a.mp4', updatedAt: 2 })
    expect(applyRecordingEvent(pages, { type: 'saved', recording: found }, always)).toEqual([
      { items: [found] },
    ])
  })

  it('keeps two files apart that were found without anything else being known of them', () => {
    const pages = [{ items: [recording('', 10, { name: 'a.mp4' })] }]
    const other = recording('', 20, { name: 'b.mp4' })
    expect(applyRecordingEvent(pages, { type: 'saved', recording: other }, always)).toEqual([
      { items: [other, ...(pages[0]?.items ?? [])] },
    ])
  })

  it('moves a recording that began at another time than was thought', () => {
    const moved = recording('a', 25, { updatedAt: 2 })
    expect(ids(applyRecordingEvent(two, { type: 'status', recording: moved }, always))).toEqual([
      ['c', 'a', 'b'],
      [],
    ])
  })

  it('takes away what no longer belongs to the list, and lets nothing in that does not', () => {
    const isReady = ({ status }: ListedRecording) => status === 'COMPLETE'
    const failed = recording('b', 20, { status: 'FAILED', updatedAt: 2 })
    expect(ids(applyRecordingEvent(two, { type: 'saved', recording: failed }, isReady))).toEqual([
      ['c'],
      ['a'],
    ])
    const running = recording('d', 40, { status: 'STARTED' })
    expect(applyRecordingEvent(two, { type: 'status', recording: running }, isReady)).toEqual(two)
  })
})
