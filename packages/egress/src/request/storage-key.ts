import { posix } from 'node:path'

/** What the placeholders of a file path stand for. */
export interface StorageKeyContext {
  roomName: string
  roomId: string
  now: Date
}

/** Extensions livekit/egress knows, and so replaces where the path ends in the wrong one. */
const KNOWN_EXTENSIONS = new Set([
  '.raw', '.ogg', '.ivf', '.mp4', '.mp3', '.ts', '.webm', '.m3u8', '.jpeg', '.json',
]) // prettier-ignore

/**
 * The storage key of a file output, as livekit/egress makes it (pkg/config/output_file.go,
 * `updateFilepath`): the path is cleaned, `{room_name} {room_id} {time} {utc}` are replaced, a path that
 * is empty or ends in `/` gets `<room name>-<time>`, and the extension is added or, if it is another
 * media extension, replaced. Room names go in as they are. Times are UTC.
 *
 * @param extension with its dot: `.mp4`
 */
export function fileStorageKey(filepath: string, extension: string, context: StorageKeyContext): string {
  const path = replacePlaceholders(cleanPath(filepath), context)
  if (path === '' || path.endsWith('/'))
    return `${path}${context.roomName}-${formatTime(context.now)}${extension}`
  if (path.endsWith(extension)) return path
  const dot = path.lastIndexOf('.')
  const stem = dot >= 0 && KNOWN_EXTENSIONS.has(path.slice(dot)) ? path.slice(0, dot) : path
  return stem + extension
}

/** The storage key prefix of an image output (pkg/config/output_image.go, `updatePrefix`). */
export function imageKeyPrefix(filenamePrefix: string, context: StorageKeyContext): string {
  const prefix = replacePlaceholders(cleanPath(filenamePrefix), context)
  if (prefix !== '' && !prefix.endsWith('/')) return prefix
  return `${prefix}${context.roomName}-${formatTime(context.now)}`
}

/** `20060102150405000` in Go's notation: UTC with milliseconds, as in `{utc}` and timestamped images. */
export function formatUtcMilliseconds(date: Date): string {
  return date.toISOString().replaceAll(/[-:.TZ]/g, '')
}

/** `2006-01-02T150405` in Go's notation. */
function formatTime(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(':', '')
}

function replacePlaceholders(path: string, { roomName, roomId, now }: StorageKeyContext): string {
  // One pass, so that a room called "{time}" stays what it is
  return path.replaceAll(/\{(room_name|room_id|time|utc)\}/g, (_, name: string) => {
    if (name === 'room_name') return roomName
    if (name === 'room_id') return roomId
    return name === 'time' ? formatTime(now) : formatUtcMilliseconds(now)
  })
}

/** Go's path.Clean without leading `../`, keeping a final `/`. */
function cleanPath(path: string): string {
  if (path === '') return ''
  let cleaned = posix.normalize(path)
  while (cleaned.startsWith('../')) cleaned = cleaned.slice(3)
  if (cleaned === '.' || cleaned === './' || cleaned === '..') return ''
  return cleaned
}
