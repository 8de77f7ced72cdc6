/**
 * `attachment` with a file name (RFC 6266): an ASCII form for old clients and the exact name as RFC 8187 has it.
 * Quotes, backslashes and what is no ASCII are replaced in the former, so nothing in a name can end the header.
 */
export function attachmentNamed(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
