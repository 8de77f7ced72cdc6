import { type RefObject, useEffect } from 'react'
import { audioLevel } from './audio-level.ts'

/**
 * Shows a track's loudness as the custom property `--level` (0 to 1) of an element, without rendering anew
 * for every frame.
 */
export function useLevelMeter(
  track: MediaStreamTrack | undefined,
  element: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    if (!track) return undefined
    const shown = element.current
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    analyser.fftSize = 1024
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let frame = 0
    const draw = (): void => {
      analyser.getFloatTimeDomainData(samples)
      shown?.style.setProperty('--level', audioLevel(samples).toFixed(3))
      frame = requestAnimationFrame(draw)
    }
    draw()
    return () => {
      cancelAnimationFrame(frame)
      shown?.style.removeProperty('--level')
      // Closing fails only for a context that is closed already
      context.close().catch(() => undefined)
    }
  }, [track, element])
}
