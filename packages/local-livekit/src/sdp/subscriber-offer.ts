/** The offer of the subscriber connection in dual-connection mode (`/rtc`): data channels and all forwarded tracks. */
import { DEPENDENCY_DESCRIPTOR_URI, OFFERED_CODECS, OFFERED_DEPENDENCY_DESCRIPTOR_ID } from './codecs.ts'
import { applicationLines, sessionLines, transportLines, type LocalTransport } from './local-transport.ts'
import { outgoingStreamLines, type OutgoingStream } from './outgoing-stream.ts'

const APPLICATION_MID = '0'

/** Sections keep their place for ever (RFC 8829, section 5.2.2); one without a stream is inactive. */
export interface OfferedSection {
  readonly mid: string
  readonly kind: 'audio' | 'video'
  readonly codec: string
  readonly stream: OutgoingStream | undefined
}

export function serializeOffer(
  sections: readonly OfferedSection[],
  transport: LocalTransport,
  version: number,
): string {
  const mids = [APPLICATION_MID, ...sections.map((section) => section.mid)]
  const lines = [
    ...sessionLines(version, mids),
    ...applicationLines(APPLICATION_MID, transport, 'actpass'),
    ...sections.flatMap((section) => sectionLines(section, transport)),
  ]
  return `${lines.join('\r\n')}\r\n`
}

function sectionLines(section: OfferedSection, transport: LocalTransport): string[] {
  const codec = OFFERED_CODECS[section.codec]
  if (!codec) return []
  const { payloadType } = codec
  const lines = [
    `m=${section.kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=mid:${section.mid}`,
    ...transportLines(transport, 'actpass'),
    section.stream ? 'a=sendonly' : 'a=inactive',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:${payloadType} ${codec.rtpmap}`,
  ]
  if (codec.parameters !== '') lines.push(`a=fmtp:${payloadType} ${codec.parameters}`)
  if (section.kind === 'video')
    for (const feedback of ['ccm fir', 'nack', 'nack pli']) lines.push(`a=rtcp-fb:${payloadType} ${feedback}`)
  if (section.codec === 'av1')
    lines.push(`a=extmap:${OFFERED_DEPENDENCY_DESCRIPTOR_ID} ${DEPENDENCY_DESCRIPTOR_URI}`)
  if (section.stream) lines.push(...outgoingStreamLines(section.stream))
  return lines
}
