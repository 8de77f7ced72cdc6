/** Codecs that are forwarded, with the payload types this server offers them under (the ones Chrome uses). */
export interface OfferedCodec {
  readonly payloadType: number
  readonly rtpmap: string
  readonly parameters: string
}

export const OFFERED_CODECS: Record<string, OfferedCodec | undefined> = {
  opus: { payloadType: 111, rtpmap: 'opus/48000/2', parameters: 'minptime=10;useinbandfec=1' },
  vp8: { payloadType: 96, rtpmap: 'VP8/90000', parameters: '' },
  vp9: { payloadType: 98, rtpmap: 'VP9/90000', parameters: 'profile-id=0' },
  h264: {
    payloadType: 102,
    rtpmap: 'H264/90000',
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  },
  av1: { payloadType: 45, rtpmap: 'AV1/90000', parameters: '' },
}

/** Dependency descriptor (RTP payload format for AV1, appendix A). */
export const DEPENDENCY_DESCRIPTOR_URI =
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension'
/** Its id in descriptions that this server offers. */
export const OFFERED_DEPENDENCY_DESCRIPTOR_ID = 8

/** Codecs taken from publishers, most wanted first where the publisher did not ask for one. */
export const PUBLISH_PREFERENCE = {
  audio: ['opus'],
  video: ['vp8', 'h264', 'vp9', 'av1'],
} as const

/** MIME types in the order livekit-server lists them (`enabled_codecs`). */
export const ENABLED_MIME_TYPES = [
  'audio/opus',
  'audio/red',
  'video/VP8',
  'video/H264',
  'video/VP9',
  'video/AV1',
  'video/rtx',
] as const

/** `vp8` → `video/VP8`, `opus` → `audio/opus`. */
export function mimeTypeOf(kind: 'audio' | 'video', codec: string): string {
  return kind === 'audio' ? `audio/${codec}` : `video/${codec.toUpperCase()}`
}
