import { useSyncExternalStore } from 'react'

/** The path and query that the page shows, e.g. `/recordings?search=x`. */
export function useLocation(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search)
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  return () => {
    window.removeEventListener('popstate', onChange)
  }
}
