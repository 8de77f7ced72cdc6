import type { RecordingInfo } from '@roomreel/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import { SelectField } from '../ui/select-field.tsx'
import type { LoadPlaybackUrl } from './create-playback.ts'
import { recallPosition, rememberPosition } from './playback-positions.ts'
import styles from './player.module.css'
import { type Resume, swapSource } from './swap-source.ts'
import { usePlayback } from './use-playback.ts'
import { usePlayerKeys } from './use-player-keys.ts'
import { useStallWatch } from './use-stall-watch.ts'

const SPEEDS = ['0.5', '0.75', '1', '1.25', '1.5', '2'].map((value) => ({ value, label: `${value}×` }))
/** Seconds of watching after which the position is written down again. */
const REMEMBER_EVERY_SECONDS = 3

/**
 * Plays one recording, from where it was left or from a given time, and goes on by itself when its URL expires or
 * its place can't be reached.
 * @param load gives a fresh URL
 * @param startAt seconds; goes before what is remembered
 * @param mayDownload whether the browser's own controls offer to save it
 */
export function Player({
  recording,
  load,
  startAt,
  mayDownload = true,
}: {
  recording: RecordingInfo
  load: LoadPlaybackUrl
  startAt?: number | undefined
  mayDownload?: boolean
}) {
  const { name } = recording
  const video = useRef<HTMLVideoElement>(null)
  const still = useRef<HTMLCanvasElement>(null)
  const [speed, setSpeed] = useState('1')
  /** Where and how to go on after the next load; the position in seconds. */
  const resume = useRef<Resume>({ position: startAt ?? recallPosition(name) ?? 0, isPaused: false, rate: 1 })
  const remembered = useRef(0)
  const { playback, view } = usePlayback(load)
  const playing = view.state === 'playing' ? view : undefined
  usePlayerKeys(
    video,
    useCallback(() => undefined, []),
  )
  useStallWatch(
    video,
    useCallback(() => {
      playback.onError(resume.current.position)
    }, [playback]),
  )
  const url = playing?.url
  const request = playing?.request
  useEffect(() => {
    // A new request loads the same URL once more
    if (!video.current || url === undefined || request === undefined) return undefined
    return swapSource(video.current, still.current, url, resume.current)
  }, [url, request])
  useEffect(() => {
    resume.current.rate = Number(speed)
    if (video.current) video.current.playbackRate = Number(speed)
  }, [speed])

  const remember = (): void => {
    const element = video.current
    if (!element || !Number.isFinite(element.duration)) return
    remembered.current = element.currentTime
    rememberPosition(name, element.currentTime, element.duration)
  }
  const isRetrying = playing?.isRetrying === true
  const isOver = view.state === 'failed' || view.state === 'damaged'
  return (
    <div className={styles['player']}>
      {view.state === 'failed' && <ErrorNotice error={view.error} onRetry={playback.retry} />}
      {view.state === 'damaged' && <Unplayable onRetry={playback.retry} />}
      {/* It stays where it is, and with it its volume, when there is trouble */}
      <div className={styles['screen']} hidden={isOver} aria-busy={isRetrying || undefined}>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- meetings are recorded without captions */}
        <video
          ref={video}
          className={styles['video']}
          controls
          controlsList={mayDownload ? undefined : 'nodownload'}
          playsInline
          preload="metadata"
          onLoadedData={playback.onPicture}
          onTimeUpdate={({ currentTarget }) => {
            if (currentTarget.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return
            resume.current.position = currentTarget.currentTime
            if (!currentTarget.seeking && !currentTarget.paused)
              playback.onProgress(currentTarget.currentTime)
            if (Math.abs(currentTarget.currentTime - remembered.current) >= REMEMBER_EVERY_SECONDS) remember()
          }}
          onSeeking={({ currentTarget }) => {
            // Where somebody wants to be counts, also when the URL does not lead there any more
            if (currentTarget.readyState >= HTMLMediaElement.HAVE_METADATA)
              resume.current.position = currentTarget.currentTime
          }}
          onSeeked={({ currentTarget }) => {
            playback.onProgress(currentTarget.currentTime)
          }}
          onPlay={() => {
            resume.current.isPaused = false
          }}
          onPause={({ currentTarget }) => {
            if (currentTarget.error === null) resume.current.isPaused = true
            remember()
          }}
          onError={() => {
            playback.onError(resume.current.position)
          }}
        />
        <canvas ref={still} className={styles['still']} hidden aria-hidden="true" />
        {isRetrying && <output className={styles['retrying']}>Connecting again…</output>}
      </div>
      {!isOver && (
        <div className={styles['below']}>
          <div className={styles['speed']}>
            <SelectField label="Speed" value={speed} options={SPEEDS} onChange={setSpeed} />
          </div>
          <p className={styles['keys']}>
            <kbd>K</kbd> plays and pauses, <kbd>J</kbd> and <kbd>L</kbd> skip ten seconds, <kbd>F</kbd> fills
            the screen.
          </p>
        </div>
      )}
    </div>
  )
}

function Unplayable({ onRetry }: { onRetry: () => void }) {
  return (
    <Notice
      tone="problem"
      role="alert"
      actions={
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      This recording can’t be played here: the file may be damaged, or the place where it is kept can’t be
      reached. Downloading it may still work.
    </Notice>
  )
}
