import { useCallback, useEffect, useRef, useState } from 'react'
import { afterPlaybackError } from './playback-renewal.ts'

export type Playback =
  | { readonly state: 'loading' }
  /** `request` tells two loads of one URL apart: a URL that is renewed within a second is the same text. */
  | { readonly state: 'playing'; readonly url: string; readonly request: number }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'damaged' }

/**
 * A URL to play from, renewed when it no longer works.
 * @param load gives a fresh URL; a new function begins anew
 */
export function usePlayback(load: () => Promise<{ url: string }>) {
  const [playback, setPlayback] = useState<Playback>({ state: 'loading' })
  const attempts = useRef(0)
  const request = useRef(0)
  const open = useCallback(() => {
    request.current += 1
    const current = request.current
    const settle = (next: Playback): void => {
      if (request.current === current) setPlayback(next)
    }
    const run = async (): Promise<void> => {
      try {
        const { url } = await load()
        settle({ state: 'playing', url, request: current })
      } catch (error) {
        settle({ state: 'failed', error })
      }
    }
    void run()
  }, [load])
  useEffect(() => {
    attempts.current = 0
    open()
    return () => {
      request.current += 1
    }
  }, [open])
  const onError = useCallback(() => {
    const next = afterPlaybackError(attempts.current)
    attempts.current += 1
    if (next === 'renew') open()
    else setPlayback({ state: 'damaged' })
  }, [open])
  const onProgress = useCallback(() => {
    attempts.current = 0
  }, [])
  const retry = useCallback(() => {
    attempts.current = 0
    setPlayback({ state: 'loading' })
    open()
  }, [open])
  return { playback, onError, onProgress, retry }
}
