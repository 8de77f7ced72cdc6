import { useEffect } from 'react'

/**
 * Catches the browser's Back: the page stays, and the caller asks. One entry of the history, which looks like
 * this one, stands behind it to be gone back from.
 */
export function useBackQuestion(onBack: () => void): void {
  useEffect(() => {
    const guard = { stays: true }
    const here = window.location.href
    window.history.pushState(guard, '', here)
    const ask = (event: PopStateEvent): void => {
      event.stopImmediatePropagation()
      window.history.pushState(guard, '', here)
      onBack()
    }
    // Before the page's own listeners hear of it
    window.addEventListener('popstate', ask, { capture: true })
    return () => {
      window.removeEventListener('popstate', ask, { capture: true })
    }
  }, [onBack])
}
