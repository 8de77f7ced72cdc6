/** A stream that this server sends, as a description names it. */
export interface OutgoingStream {
  readonly ssrc: number
  readonly publisherSid: string
  readonly trackSid: string
}

/**
 * The identification lines of a stream (RFC 8830, RFC 5576). LiveKit clients read the publisher out of the stream
 * id (`<participant>|<track>`), and synchronise what shares a CNAME.
 */
export function outgoingStreamLines({ ssrc, publisherSid, trackSid }: OutgoingStream): string[] {
  const msid = `${publisherSid}|${trackSid} ${trackSid}`
  return [`a=msid:${msid}`, `a=ssrc:${ssrc} cname:${publisherSid}`, `a=ssrc:${ssrc} msid:${msid}`]
}
