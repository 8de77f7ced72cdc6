/**
 * RFC 3986 section 2.3: every byte but the unreserved characters (A-Z a-z 0-9 - . _ ~) is escaped, with upper-case
 * digits. This is the `UriEncode` of Signature Version 4.
 */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same, with slashes left as they are: for paths. */
export function uriEncodePath(path: string): string {
  return path.split('/').map(uriEncode).join('/')
}
