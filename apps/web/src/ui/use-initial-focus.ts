import { type RefObject, useEffect, useRef } from 'react'

/**
 * Puts the focus where the next key press belongs when a page opens, so that Enter and typing just work. Not on
 * touch screens, whose keyboard would cover the page unasked.
 */
export function useInitialFocus<T extends HTMLElement>(isWanted = true): RefObject<T | null> {
  const element = useRef<T>(null)
  useEffect(() => {
    if (isWanted && window.matchMedia('(hover: hover)').matches)
      element.current?.focus({ preventScroll: true })
  }, [isWanted])
  return element
}
