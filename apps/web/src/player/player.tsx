import type { RecordingInfo } from '@roomreel/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Notice } from '../ui/notice.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { recallPosition, rememberPosition } from './playback-positions.ts'
import styles from './player.module.css'
import { usePlayback } from './use-playback.ts'
import { usePlayerKeys } from './use-player-keys.ts'

const SPEEDS = ['0.5', '0.75', '1', '1.25', '1.5', '2'].map((value) => ({ value, label: `${value}×` }))
/** Seconds of watching after which the position is written down again. */
const REMEMBER_EVERY_SECONDS = 3

/**
 * Plays one recording, from where it was left or from a given time, and goes on by itself when its URL expires.
 * @param load gives a fresh URL
 * @param startAt seconds; goes before what is remembered
 */
export function Player({
  recording,
  load,
  startAt,
}: {
  recording: RecordingInfo
  load: () => Promise<{ url: string }>
  startAt?: number | undefined
}) {
  const { name } = recording
  const video = useRef<HTMLVideoElement>(null)
  const [speed, setSpeed] = useState('1')
  /** Where to go on after the next load, in seconds. */
  const resumeAt = useRef(startAt ?? recallPosition(name) ?? 0)
  const wasPaused = useRef(false)
  const remembered = useRef(0)
  const { playback, onError, onProgress, retry } = usePlayback(load)
  usePlayerKeys(
    video,
    useCallback(() => undefined, []),
  )
  useEffect(() => {
    if (video.current) video.current.playbackRate = Number(speed)
  }, [speed])

  const request = playback.state === 'playing' ? playback.request : undefined
  useEffect(() => {
    // The same URL once more would leave the element in its error
    if (request !== undefined && video.current?.error) video.current.load()
  }, [request])

  const remember = (): void => {
    const element = video.current
    if (!element || !Number.isFinite(element.duration)) return
    remembered.current = element.currentTime
    rememberPosition(name, element.currentTime, element.duration)
  }
  if (playback.state === 'failed') return <ErrorNotice error={playback.error} onRetry={retry} />
  if (playback.state === 'damaged') {
    return (
      <Notice
        tone="problem"
        role="alert"
        actions={
          <Button size="small" onClick={retry}>
            Try again
          </Button>
        }
      >
        This recording can’t be played here: the file may be damaged, or the place where it is kept can’t be
        reached. Downloading it may still work.
      </Notice>
    )
  }
  return (
    <div className={styles['player']}>
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- meetings are recorded without captions */}
      <video
        ref={video}
        className={styles['video']}
        src={playback.state === 'playing' ? playback.url : undefined}
        controls
        autoPlay
        playsInline
        preload="metadata"
        onLoadedMetadata={({ currentTarget }) => {
          const latest = Number.isFinite(currentTarget.duration) ? currentTarget.duration : resumeAt.current
          currentTarget.currentTime = Math.min(resumeAt.current, latest)
          currentTarget.playbackRate = Number(speed)
          if (wasPaused.current) currentTarget.pause()
        }}
        onTimeUpdate={({ currentTarget }) => {
          if (currentTarget.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return
          resumeAt.current = currentTarget.currentTime
          if (!currentTarget.seeking && !currentTarget.paused) onProgress()
          if (Math.abs(currentTarget.currentTime - remembered.current) >= REMEMBER_EVERY_SECONDS) remember()
        }}
        onPlay={() => {
          wasPaused.current = false
        }}
        onPause={({ currentTarget }) => {
          wasPaused.current = !currentTarget.ended && currentTarget.error === null
          remember()
        }}
        onEnded={remember}
        onError={() => {
          if (playback.state === 'playing') onError()
        }}
      />
      <div className={styles['below']}>
        <div className={styles['speed']}>
          <SelectField label="Speed" value={speed} options={SPEEDS} onChange={setSpeed} />
        </div>
        <p className={styles['keys']}>
          <kbd>K</kbd> plays and pauses, <kbd>J</kbd> and <kbd>L</kbd> skip ten seconds, <kbd>F</kbd> fills
          the screen.
        </p>
      </div>
    </div>
  )
}
