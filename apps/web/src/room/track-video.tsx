import type { Track } from 'livekit-client'
import { useEffect, useRef } from 'react'

/** Shows a video track of LiveKit's. */
export function TrackVideo({ track, className }: { track: Track; className?: string | undefined }) {
  const element = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const video = element.current
    if (!video) return undefined
    track.attach(video)
    return () => {
      track.detach(video)
    }
  }, [track])
  // Its sound comes by tracks of its own
  return <video ref={element} className={className} autoPlay muted playsInline />
}
