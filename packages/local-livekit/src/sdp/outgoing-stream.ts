/** A stream that this server sends, as a description names it. */
export interface OutgoingStream {
  readonly ssrc: number
  readonly publisherSid: string
  readonly trackSid: string
  /** Tracks of one publisher in the same group are played in step. */
  readonly syncGroup: string
}

/**
 * The identification lines of a stream (RFC 8830, RFC 5576). LiveKit clients read the publisher out of the stream
 * id (`<participant>|<anything>`) and the track out of the track id. WebRTC plays tracks of one stream in step, so
 * that camera and microphone share one, as with livekit-server's `sync_streams`.
 */
export function outgoingStreamLines({ ssrc, publisherSid, trackSid, syncGroup }: OutgoingStream): string[] {
  const msid = `${publisherSid}|${syncGroup} ${trackSid}`
  return [`a=msid:${msid}`, `a=ssrc:${ssrc} cname:${publisherSid}`, `a=ssrc:${ssrc} msid:${msid}`]
}
