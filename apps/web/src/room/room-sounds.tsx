import type { RemoteTrack } from 'livekit-client'
import { useEffect, useRef } from 'react'

/** Plays what the others say. */
export function RoomSounds({ sounds }: { sounds: readonly RemoteTrack[] }) {
  return sounds.map((track) => <Sound key={track.sid ?? track.mediaStreamID} track={track} />)
}

function Sound({ track }: { track: RemoteTrack }) {
  const element = useRef<HTMLAudioElement>(null)
  useEffect(() => {
    const audio = element.current
    if (!audio) return undefined
    track.attach(audio)
    return () => {
      track.detach(audio)
    }
  }, [track])
  // oxlint-disable-next-line jsx-a11y/media-has-caption -- speech of the moment: there are no captions to point to
  return <audio ref={element} autoPlay hidden />
}
