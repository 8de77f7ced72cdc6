/** What a path of the page shows. */
export type Route =
  | { readonly page: 'join'; readonly roomName: string | undefined }
  | { readonly page: 'library' }
  | { readonly page: 'recording'; readonly recordingName: string }
  | { readonly page: 'share'; readonly linkId: string | undefined }
  | { readonly page: 'unknown' }

/** Reads a URL's path, percent-encoded as the browser gives it. Pure. */
export function readRoute(pathname: string): Route {
  const segments = pathname.split('/').filter((segment) => segment !== '')
  const [first, second] = segments.map(decodeSegment)
  if (segments.length > 2) return { page: 'unknown' }
  if (first === undefined) return { page: 'join', roomName: undefined }
  if (first === 'rooms') return { page: 'join', roomName: second }
  if (first === 'recordings') {
    return second === undefined ? { page: 'library' } : { page: 'recording', recordingName: second }
  }
  // A link that is opened for the first time says behind its # which one it is
  if (first === 's') return { page: 'share', linkId: second }
  return { page: 'unknown' }
}

/** Path under which a room is entered. */
export function roomPath(roomName: string): string {
  return `/rooms/${encodeURIComponent(roomName)}`
}

/** Path of one recording in the admin's library. */
export function recordingPath(recordingName: string): string {
  return `/recordings/${encodeURIComponent(recordingName)}`
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A stray % was typed by hand: take it as it stands
    return segment
  }
}
