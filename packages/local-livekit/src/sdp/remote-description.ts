/**
 * What this server needs to know of a client's session description (RFC 8866, RFC 8829), checked and in plain values.
 */
import { parse } from 'sdp-transform'
import { z } from 'zod'
import type { RemoteFingerprint } from '../transport/werift.ts'

/** Longer than any real offer (a section takes about 7 kB in Chrome's). */
export const MAX_SDP_LENGTH = 1_000_000
const MAX_SECTIONS = 256
const MAX_RIDS = 3
const MAX_SSRC = 0xffff_ffff

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive'

export interface RemoteCodec {
  readonly payloadType: number
  /** As written in the description, for echoing it. */
  readonly name: string
  readonly clockRate: number
  readonly channels: number | undefined
  /** Format parameters (`a=fmtp`), empty when there are none. */
  readonly parameters: string
}

export interface RemoteSection {
  readonly kind: 'audio' | 'video' | 'application'
  readonly mid: string
  readonly protocol: string
  /** Payload types or formats as in the m-line, in the client's order of preference. */
  readonly formats: readonly string[]
  readonly direction: Direction
  readonly codecs: readonly RemoteCodec[]
  readonly extensions: readonly { readonly id: number; readonly uri: string }[]
  /** Simulcast rids the client sends, from the smallest layer to the largest. */
  readonly sendRids: readonly string[]
  readonly ssrcs: readonly number[]
  /** Track id of the msid attribute, empty when there is none. */
  readonly trackId: string
}

/** The id under which a section has a header extension, 0 when it has not. */
export function extensionId(section: RemoteSection, uri: string): number {
  return section.extensions.find((extension) => extension.uri === uri)?.id ?? 0
}

export interface RemoteDescription {
  readonly iceUfrag: string
  readonly fingerprint: RemoteFingerprint
  readonly sections: readonly RemoteSection[]
}

/** sdp-transform turns tokens that look like numbers into numbers. */
const token = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[^\s\p{Cc}]{1,256}$/u))

/** 32 bits (RFC 3550, section 5.1); feedback is written with it later, where nobody could refuse it any more. */
const ssrc = z.union([z.number(), z.string()]).transform(Number).pipe(z.number().int().min(0).max(MAX_SSRC))

const fingerprint = z.object({ type: z.string().max(16), hash: z.string().max(256) })

const section = z.object({
  type: z.enum(['audio', 'video', 'application']),
  protocol: z.string().max(64),
  payloads: z.union([z.string(), z.number()]).transform(String).default(''),
  mid: token,
  direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).default('sendrecv'),
  iceUfrag: token.optional(),
  fingerprint: fingerprint.optional(),
  rtp: z
    .array(
      z.object({
        payload: z.number().int().min(0).max(127),
        codec: token,
        rate: z.number().int().positive().optional(),
        encoding: z.union([z.number(), z.string()]).transform(Number).optional(),
      }),
    )
    .default([]),
  fmtp: z.array(z.object({ payload: z.number(), config: z.string().max(1024) })).default([]),
  ext: z.array(z.object({ value: z.number().int(), uri: z.string().max(256) })).default([]),
  rids: z
    .array(z.object({ id: token, direction: z.string() }))
    .max(16)
    .default([]),
  ssrcs: z.array(z.object({ id: ssrc })).default([]),
  msid: z.array(z.object({ id: z.string(), appdata: z.string().optional() })).default([]),
})

const description = z.object({
  iceUfrag: token.optional(),
  fingerprint: fingerprint.optional(),
  media: z.array(section).max(MAX_SECTIONS),
})

/** Smallest layer first; rids that LiveKit clients do not use keep the client's order. */
const LIVEKIT_RIDS = ['q', 'h', 'f']

/** Parses a client's offer or answer, or says what is wrong with it. Never throws. */
export function parseRemoteDescription(sdp: string): RemoteDescription | { error: string } {
  if (sdp.length > MAX_SDP_LENGTH) return { error: 'session description too long' }
  const parsed = description.safeParse(parseLoosely(sdp))
  if (!parsed.success) return { error: z.prettifyError(parsed.error).slice(0, 300) }
  const { data } = parsed
  // With BUNDLE all sections share one transport (RFC 9143), so the first one that tells is right for all
  const iceUfrag = data.iceUfrag ?? data.media.find((media) => media.iceUfrag)?.iceUfrag
  const found = data.fingerprint ?? data.media.find((media) => media.fingerprint)?.fingerprint
  if (iceUfrag === undefined || !found)
    return { error: 'session description without ICE credentials or fingerprint' }
  return {
    iceUfrag,
    fingerprint: { algorithm: found.type, value: found.hash },
    sections: data.media.map(toSection),
  }
}

function parseLoosely(sdp: string): unknown {
  try {
    return parse(sdp)
  } catch {
    // Reported as a description without sections by the schema
    return undefined
  }
}

function toSection(media: z.infer<typeof section>): RemoteSection {
  const rids = media.rids.filter((rid) => rid.direction === 'send').map((rid) => rid.id)
  const known = LIVEKIT_RIDS.filter((rid) => rids.includes(rid))
  return {
    kind: media.type,
    mid: media.mid,
    protocol: media.protocol,
    formats: media.payloads.split(' '),
    direction: media.direction,
    codecs: media.rtp.map((rtp) => ({
      payloadType: rtp.payload,
      name: rtp.codec,
      clockRate: rtp.rate ?? 0,
      channels: rtp.encoding,
      parameters: media.fmtp.find((line) => line.payload === rtp.payload)?.config ?? '',
    })),
    extensions: media.ext.map((extension) => ({ id: extension.value, uri: extension.uri })),
    sendRids: (known.length === rids.length ? known : rids).slice(0, MAX_RIDS),
    ssrcs: media.ssrcs.map(({ id }) => id),
    trackId: media.msid[0]?.appdata ?? '',
  }
}
