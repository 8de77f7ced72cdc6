import { type RefObject, useEffect } from 'react'
import { isTyping } from '../ui/is-typing.ts'
import { playerCommand, type PlayerCommand } from './player-command.ts'

/** Lets the keyboard steer a video wherever the focus is, except in fields and on buttons. */
export function usePlayerKeys(
  video: RefObject<HTMLVideoElement | null>,
  onFailure: (error: unknown) => void,
): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const element = video.current
      if (!element || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const isOnButton =
        event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null
      if (isOnButton && event.key === ' ') return
      const command = playerCommand(event.key)
      if (!command) return
      // The video's own controls would do the same a second time
      event.preventDefault()
      event.stopPropagation()
      obey(element, command)?.catch(onFailure)
    }
    window.addEventListener('keydown', press, { capture: true })
    return () => {
      window.removeEventListener('keydown', press, { capture: true })
    }
  }, [video, onFailure])
}

function obey(video: HTMLVideoElement, command: PlayerCommand): Promise<void> | undefined {
  switch (command.kind) {
    case 'toggle':
      if (video.paused) return video.play()
      video.pause()
      return undefined
    case 'seek':
      video.currentTime = Math.max(0, video.currentTime + command.seconds)
      return undefined
    case 'jump':
      if (Number.isFinite(video.duration)) video.currentTime = video.duration * command.share
      return undefined
    case 'mute':
      video.muted = !video.muted
      return undefined
    case 'fullScreen':
      return document.fullscreenElement ? document.exitFullscreen() : video.requestFullscreen()
  }
}
