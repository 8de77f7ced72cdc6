/**
 * Shows another path without loading the page anew.
 * @param url path with an optional query
 * @param replace whether Back skips what is shown now
 */
export function navigate(url: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) window.history.replaceState(null, '', url)
  else window.history.pushState(null, '', url)
  // The browser tells of Back and Forward alone; the same event makes one kind of news of both
  window.dispatchEvent(new PopStateEvent('popstate', { state: null }))
}
