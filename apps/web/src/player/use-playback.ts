import { useMemo, useSyncExternalStore } from 'react'
import { useS3Reach } from '../recordings/use-s3-reach.ts'
import { createPlayback, type LoadPlaybackUrl, type Playback, type PlaybackView } from './create-playback.ts'

/**
 * A URL to play from, which is renewed as needed.
 * @param load a new function begins anew
 */
export function usePlayback(load: LoadPlaybackUrl): { playback: Playback; view: PlaybackView } {
  const { reach } = useS3Reach()
  const playback = useMemo(() => createPlayback(load, reach, window.location.origin), [load, reach])
  return { playback, view: useSyncExternalStore(playback.subscribe, playback.getView) }
}
