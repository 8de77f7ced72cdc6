import { explainError } from '../api/explain-error.ts'
import type { S3Reach } from '../recordings/s3-reach.ts'
import {
  afterPlaybackError,
  isOverTrouble,
  mayTryAgain,
  pauseBeforeMs,
  renewalDelayMs,
} from './playback-renewal.ts'

/** A URL that plays, and until when: ms since the epoch. */
export interface PlaybackUrl {
  readonly url: string
  readonly expiresAt: number
}

/** Gives a fresh URL. @param isProxied one that leads through the app, whatever the server prefers */
export type LoadPlaybackUrl = (isProxied: boolean) => Promise<PlaybackUrl>

export type PlaybackView =
  | { readonly state: 'loading' }
  | {
      readonly state: 'playing'
      readonly url: string
      /** Tells two loads of one URL apart: a URL that is renewed within a second is the same text. */
      readonly request: number
      /** It does not play any more, and another URL is on its way. */
      readonly isRetrying: boolean
    }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'damaged' }

/** One recording being played: which URL to play it from, as things go wrong. */
export interface Playback {
  readonly getView: () => PlaybackView
  /** Begins to load with the first listener, and ends with the last. */
  readonly subscribe: (onChange: () => void) => () => void
  /** The browser can't go on. @param position seconds */
  readonly onError: (position: number) => void
  /** The URL gave a picture. */
  readonly onPicture: () => void
  /** It plays. @param position seconds */
  readonly onProgress: (position: number) => void
  /** Begins anew. */
  readonly retry: () => void
}

/** Options of one attempt to have a URL. */
interface Attempt {
  readonly isProxied: boolean
  /** What plays at this moment still does: a failure is no trouble yet. */
  readonly isEarly?: boolean
  readonly delayMs?: number
  /** Attempts before it that did not even give a URL. */
  readonly tries?: number
}

/**
 * Renews a recording's URL before it expires and when it no longer works; where S3 is out of this browser's reach,
 * by one that leads through the app.
 * @param origin of the page: a URL that leads elsewhere leads to S3
 */
export function createPlayback(load: LoadPlaybackUrl, reach: S3Reach, origin: string): Playback {
  const listeners = new Set<() => void>()
  let view: PlaybackView = { state: 'loading' }
  let request = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempts = 0
  let troubleAt: number | undefined
  /** What plays; nothing while another URL is awaited after trouble. */
  let source: { readonly isDirect: boolean; hasPlayed: boolean } | undefined
  /** A fresh URL of S3 has failed, and nothing has played since. */
  let isS3Suspect = false

  const show = (next: PlaybackView): void => {
    view = next
    for (const listener of listeners) listener()
  }

  const open = (attempt: Attempt): void => {
    clearTimeout(timer)
    request += 1
    const current = request
    timer = setTimeout(() => void fetchUrl(attempt, current), attempt.delayMs ?? 0)
  }

  const fetchUrl = async (attempt: Attempt, current: number): Promise<void> => {
    try {
      const loaded = await load(attempt.isProxied || reach.isOutOfReach())
      if (request === current) play(loaded, attempt, current)
    } catch (error) {
      if (request === current) fail(error, attempt)
    }
  }

  const play = ({ url, expiresAt }: PlaybackUrl, { isProxied }: Attempt, current: number): void => {
    source = { isDirect: new URL(url, origin).origin !== origin, hasPlayed: false }
    show({ state: 'playing', url, request: current, isRetrying: false })
    const renewInMs = renewalDelayMs(expiresAt, Date.now())
    if (renewInMs === undefined) return
    timer = setTimeout(() => {
      open({ isProxied, isEarly: true })
    }, renewInMs)
  }

  const fail = (error: unknown, { isProxied, isEarly = false, tries = 0 }: Attempt): void => {
    if (explainError(error).isTransient && mayTryAgain(tries)) {
      open({ isProxied, isEarly, delayMs: pauseBeforeMs(tries + 1), tries: tries + 1 })
    } else if (!isEarly) {
      show({ state: 'failed', error })
    }
    // Else the URL that plays still works for a moment, and what is loaded plays for longer
  }

  const begin = (): void => {
    attempts = 0
    troubleAt = undefined
    source = undefined
    open({ isProxied: false })
  }

  return {
    getView: () => view,
    subscribe(onChange) {
      listeners.add(onChange)
      if (listeners.size === 1) begin()
      return () => {
        listeners.delete(onChange)
        if (listeners.size > 0) return
        clearTimeout(timer)
        request += 1
      }
    },
    onError(position) {
      // Trouble that is seen to already
      if (!source) return
      const { isDirect, hasPlayed } = source
      source = undefined
      const next = afterPlaybackError({ attempts, isDirect, hasPlayed })
      attempts += 1
      troubleAt = position
      if (isDirect && !hasPlayed) isS3Suspect = true
      if (next.kind === 'give-up') {
        clearTimeout(timer)
        show({ state: 'damaged' })
        return
      }
      if (view.state === 'playing') show({ ...view, isRetrying: true })
      open(next)
    },
    onPicture() {
      if (!source) return
      source.hasPlayed = true
      if (isS3Suspect && !source.isDirect) reach.reportOutOfReach()
      isS3Suspect = false
    },
    onProgress(position) {
      if (!isOverTrouble(position, troubleAt)) return
      attempts = 0
      troubleAt = undefined
    },
    retry() {
      show({ state: 'loading' })
      begin()
    },
  }
}
