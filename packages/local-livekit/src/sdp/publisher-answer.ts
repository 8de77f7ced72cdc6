/** The answer to a client's offer: what it may send, and in single-connection mode what it will receive. */
import { AUDIO_LEVEL_URI } from '../rtp/audio-level.ts'
import { DEPENDENCY_DESCRIPTOR_URI, PUBLISH_PREFERENCE } from './codecs.ts'
import { applicationLines, sessionLines, transportLines, type LocalTransport } from './local-transport.ts'
import { outgoingStreamLines, type OutgoingStream } from './outgoing-stream.ts'
import type { RemoteCodec, RemoteDescription, RemoteSection } from './remote-description.ts'

export const MID_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid'
export const RID_URI = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id'
const ABSOLUTE_SEND_TIME_URI = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time'
const ACCEPTED_EXTENSIONS = new Set([MID_URI, RID_URI, AUDIO_LEVEL_URI, ABSOLUTE_SEND_TIME_URI])

/** Extensions worth their bytes on this section: AV1's scalable streams can't be decoded without their descriptor. */
function isAccepted(uri: string, codec: RemoteCodec): boolean {
  return (
    ACCEPTED_EXTENSIONS.has(uri) || (uri === DEPENDENCY_DESCRIPTOR_URI && codec.name.toLowerCase() === 'av1')
  )
}

/** Lets Chrome send all simulcast layers from the start on a local network. */
const START_BITRATE_KBPS = 4_000

/** What is done with one section of the offer. */
export type SectionPlan =
  | { readonly action: 'application' }
  | { readonly action: 'receive'; readonly codec: RemoteCodec }
  | { readonly action: 'send'; readonly codec: RemoteCodec; readonly stream: OutgoingStream }
  /** Kept open without media flowing. */
  | { readonly action: 'idle'; readonly codec: RemoteCodec }
  | { readonly action: 'reject' }

/** The codec of a section with this lower-case name. */
export function findCodec(section: RemoteSection, name: string): RemoteCodec | undefined {
  return section.codecs.find((codec) => codec.name.toLowerCase() === name)
}

/**
 * The codec in which a client publishes on this section: the one it asked for, or the first acceptable one in its
 * own order.
 * @param wanted lower-case name, or undefined when the client asked for none
 */
export function choosePublishCodec(
  section: RemoteSection,
  wanted: string | undefined,
): RemoteCodec | undefined {
  if (section.kind === 'application') return undefined
  const accepted: readonly string[] = PUBLISH_PREFERENCE[section.kind]
  const asked = wanted !== undefined && accepted.includes(wanted) ? findCodec(section, wanted) : undefined
  if (asked) return asked
  return section.formats
    .map((format) => section.codecs.find((codec) => String(codec.payloadType) === format))
    .find((codec) => codec && accepted.includes(codec.name.toLowerCase()))
}

/** Serialises the answer; `plans` has one entry for each section of the offer. */
export function serializeAnswer(
  offer: RemoteDescription,
  plans: readonly SectionPlan[],
  transport: LocalTransport,
  version: number,
): string {
  const bundled: string[] = []
  const lines: string[] = []
  for (const [index, section] of offer.sections.entries()) {
    const plan = plans[index] ?? { action: 'reject' }
    if (plan.action !== 'reject') bundled.push(section.mid)
    lines.push(...sectionLines(section, plan, transport))
  }
  return `${[...sessionLines(version, bundled), ...lines].join('\r\n')}\r\n`
}

function sectionLines(section: RemoteSection, plan: SectionPlan, transport: LocalTransport): string[] {
  if (plan.action === 'application') return applicationLines(section.mid, transport, 'passive')
  if (plan.action === 'reject') return rejectLines(section)
  if (plan.action === 'receive')
    return [...mediaLines(section, plan.codec, 'recvonly', transport), ...simulcastLines(section)]
  if (plan.action === 'idle') return mediaLines(section, plan.codec, 'inactive', transport)
  return [...mediaLines(section, plan.codec, 'sendonly', transport), ...outgoingStreamLines(plan.stream)]
}

/** A rejected section has port 0 (RFC 3264, section 6). */
function rejectLines({ kind, protocol, formats, mid }: RemoteSection): string[] {
  return [`m=${kind} 0 ${protocol} ${formats[0] ?? '0'}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, 'a=inactive']
}

function mediaLines(
  section: RemoteSection,
  codec: RemoteCodec,
  direction: 'recvonly' | 'sendonly' | 'inactive',
  transport: LocalTransport,
): string[] {
  const { payloadType } = codec
  const channels = codec.channels === undefined ? '' : `/${codec.channels}`
  const lines = [
    `m=${section.kind} 9 UDP/TLS/RTP/SAVPF ${payloadType}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    `a=mid:${section.mid}`,
    ...transportLines(transport, 'passive'),
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    `a=rtpmap:${payloadType} ${codec.name}/${codec.clockRate}${channels}`,
  ]
  if (section.kind === 'video') {
    for (const feedback of ['goog-remb', 'ccm fir', 'nack', 'nack pli'])
      lines.push(`a=rtcp-fb:${payloadType} ${feedback}`)
    const parameters = codec.parameters
      .split(';')
      .filter((parameter) => parameter !== '' && !parameter.startsWith('x-google'))
    lines.push(
      `a=fmtp:${payloadType} ${[...parameters, `x-google-start-bitrate=${START_BITRATE_KBPS}`].join(';')}`,
    )
  } else if (codec.parameters !== '') lines.push(`a=fmtp:${payloadType} ${codec.parameters}`)
  for (const { id, uri } of section.extensions)
    if (isAccepted(uri, codec)) lines.push(`a=extmap:${id} ${uri}`)
  return lines
}

/** Simulcast (RFC 8853): without it Chrome sends only its smallest layer. */
function simulcastLines({ sendRids }: RemoteSection): string[] {
  if (sendRids.length === 0) return []
  return [...sendRids.map((rid) => `a=rid:${rid} recv`), `a=simulcast:recv ${sendRids.join(';')}`]
}
