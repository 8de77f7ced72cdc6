/** Header extension ids of these offers. */
export const EXTENSION_ID = { mid: 1, rid: 2, audioLevel: 3, dependencyDescriptor: 4 } as const

/** One section of an offer, whose mid is its place among the tracks. */
export interface OfferedTrack {
  cid: string
  kind: 'audio' | 'video'
  payloadType: number
  /** As an rtpmap has it: `VP8/90000`. */
  codec: string
  /** Left out with simulcast. */
  ssrc?: number
  rids?: readonly string[]
}

/** What a browser offers that publishes tracks and has data channels, shortened. */
export function publisherOffer(tracks: readonly OfferedTrack[], fingerprint = 'AA:BB'): string {
  const mids = ['data', ...tracks.keys()].join(' ')
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    'a=mid:data',
    'a=ice-ufrag:peer',
    'a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa',
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:actpass',
    'a=sctp-port:5000',
    ...tracks.flatMap((track, mid) => trackLines(track, mid)),
    '',
  ].join('\r\n')
}

function trackLines({ cid, kind, payloadType, codec, ssrc, rids = [] }: OfferedTrack, mid: number): string[] {
  return [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    'a=sendonly',
    'a=rtcp-mux',
    `a=rtpmap:${payloadType} ${codec}`,
    `a=extmap:${EXTENSION_ID.mid} urn:ietf:params:rtp-hdrext:sdes:mid`,
    `a=extmap:${EXTENSION_ID.rid} urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id`,
    `a=extmap:${EXTENSION_ID.audioLevel} urn:ietf:params:rtp-hdrext:ssrc-audio-level`,
    `a=extmap:${EXTENSION_ID.dependencyDescriptor} https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension`,
    `a=msid:stream ${cid}`,
    ...(ssrc === undefined ? [] : [`a=ssrc:${ssrc} cname:x`]),
    ...rids.map((rid) => `a=rid:${rid} send`),
    ...(rids.length === 0 ? [] : [`a=simulcast:send ${rids.join(';')}`]),
  ]
}
