import type { ListedEvent, ListedPage, ListedRecording } from './listed-recording.ts'

type Pages = readonly ListedPage[]

/**
 * What a list, loaded page by page and newest first, is after one piece of news. News that is older than what
 * the list knows changes nothing; a recording that belongs behind the last page that is loaded comes with its
 * own page. Pure.
 */
export function applyRecordingEvent(pages: Pages, event: ListedEvent): ListedPage[] {
  if (event.type === 'deleted') return removeRecordings(pages, [event.recordingName])
  const { recording } = event
  const known = pages.flatMap((page) => page.items).find((item) => isSame(item, recording))
  if (!known) return insert(pages, recording)
  if ((known.updatedAt ?? 0) > (recording.updatedAt ?? 0)) return [...pages]
  return mapItems(pages, (items) => items.map((item) => (item === known ? recording : item)))
}

/** The list without recordings that are gone. Pure. */
export function removeRecordings(pages: Pages, names: readonly string[]): ListedPage[] {
  return mapItems(pages, (items) => items.filter((item) => item.name === '' || !names.includes(item.name)))
}

/** Before its file is named a recording is known by its id alone; one egress may write several files. */
function isSame(a: ListedRecording, b: ListedRecording): boolean {
  return a.id === b.id && (a.name === b.name || a.name === '' || b.name === '')
}

function insert(pages: Pages, recording: ListedRecording): ListedPage[] {
  let isPlaced = false
  const placed = pages.map((page, index) => {
    if (isPlaced) return page
    const position = page.items.findIndex((item) => item.startedAt < recording.startedAt)
    const isEnd = index === pages.length - 1 && page.nextCursor === undefined
    if (position === -1 && !isEnd) return page
    isPlaced = true
    return {
      ...page,
      items: page.items.toSpliced(position === -1 ? page.items.length : position, 0, recording),
    }
  })
  return placed
}

function mapItems(
  pages: Pages,
  change: (items: readonly ListedRecording[]) => ListedRecording[],
): ListedPage[] {
  return pages.map((page) => ({ ...page, items: change(page.items) }))
}
