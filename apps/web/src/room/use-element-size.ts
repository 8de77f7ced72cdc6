import { type RefObject, useEffect, useState } from 'react'
import type { Size } from './grid-layout.ts'

/** The size of an element's content in CSS pixels, kept up to date. */
export function useElementSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useEffect(() => {
    if (!element.current) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      setSize({ width, height })
    })
    observer.observe(element.current)
    return () => {
      observer.disconnect()
    }
  }, [element])
  return size
}
