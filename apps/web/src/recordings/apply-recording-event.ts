import type { ListedEvent, ListedPage, ListedRecording } from './listed-recording.ts'

type Pages = readonly ListedPage[]

/**
 * What a list, loaded page by page and newest first, is after one piece of news. News that is older than what
 * the list knows changes nothing; what no longer belongs to the list leaves it; a recording that belongs behind
 * the last page that is loaded comes with its own page. Hearing the same once more changes nothing. Pure.
 */
export function applyRecordingEvent(
  pages: Pages,
  event: ListedEvent,
  belongs: (recording: ListedRecording) => boolean,
): ListedPage[] {
  if (event.type === 'deleted') return removeRecordings(pages, [event.recordingName])
  const { recording } = event
  const known = pages.flatMap((page) => page.items).find((item) => isSame(item, recording))
  if (!known) return belongs(recording) ? insert(pages, recording) : [...pages]
  if ((known.updatedAt ?? 0) > (recording.updatedAt ?? 0)) return [...pages]
  if (belongs(recording) && known.startedAt === recording.startedAt) {
    return mapItems(pages, (items) => items.map((item) => (item === known ? recording : item)))
  }
  const without = mapItems(pages, (items) => items.filter((item) => item !== known))
  return belongs(recording) ? insert(without, recording) : without
}

function removeRecordings(pages: Pages, names: readonly string[]): ListedPage[] {
  return mapItems(pages, (items) => items.filter((item) => item.name === '' || !names.includes(item.name)))
}

/**
 * A file's name is its own; before it has one, a recording is known by its id alone. One egress may write several
 * files, and a file that was found has no id.
 */
function isSame(a: ListedRecording, b: ListedRecording): boolean {
  if (a.name !== '' && b.name !== '') return a.name === b.name
  return a.id !== '' && a.id === b.id
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
