/**
 * Has the browser save a file under the name that the server gives it.
 * @param url answers with Content-Disposition: attachment, or is this page's own origin
 */
export function saveFile(url: string, fileName: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.rel = 'noreferrer'
  document.body.append(link)
  link.click()
  link.remove()
}
