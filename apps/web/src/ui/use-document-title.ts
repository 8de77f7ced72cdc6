import { useEffect } from 'react'

const APP_NAME = 'Roomreel'

/** Names the browser's tab for as long as the caller is shown. */
export function useDocumentTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title === undefined ? APP_NAME : `${title} · ${APP_NAME}`
    return () => {
      document.title = APP_NAME
    }
  }, [title])
}
