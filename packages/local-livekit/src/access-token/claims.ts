import { TrackSource, ParticipantInfo_Kind, ParticipantPermission } from '@livekit/protocol'
import { z } from 'zod'

/** The `video` grant of an access token, as LiveKit's SDKs write it. */
const videoGrant = z.object({
  room: z.string().optional(),
  destinationRoom: z.string().optional(),
  roomJoin: z.boolean().optional(),
  roomCreate: z.boolean().optional(),
  roomList: z.boolean().optional(),
  roomRecord: z.boolean().optional(),
  roomAdmin: z.boolean().optional(),
  canPublish: z.boolean().optional(),
  canSubscribe: z.boolean().optional(),
  canPublishData: z.boolean().optional(),
  canPublishSources: z.array(z.string()).optional(),
  canUpdateOwnMetadata: z.boolean().optional(),
  hidden: z.boolean().optional(),
  recorder: z.boolean().optional(),
  agent: z.boolean().optional(),
})
export type VideoGrant = z.infer<typeof videoGrant>

/** What a LiveKit access token says of its holder. */
export const claimsSchema = z.object({
  /** The API key; a token without it is of none. */
  iss: z.string().default(''),
  sub: z.string().default(''),
  name: z.string().default(''),
  metadata: z.string().default(''),
  attributes: z.record(z.string(), z.string()).default({}),
  kind: z.string().default('standard'),
  video: videoGrant.optional(),
})
export type Claims = z.infer<typeof claimsSchema>

const SOURCES: Record<string, TrackSource | undefined> = {
  camera: TrackSource.CAMERA,
  microphone: TrackSource.MICROPHONE,
  screen_share: TrackSource.SCREEN_SHARE,
  screen_share_audio: TrackSource.SCREEN_SHARE_AUDIO,
}

const KINDS: Record<string, ParticipantInfo_Kind | undefined> = {
  ingress: ParticipantInfo_Kind.INGRESS,
  egress: ParticipantInfo_Kind.EGRESS,
  sip: ParticipantInfo_Kind.SIP,
  agent: ParticipantInfo_Kind.AGENT,
  connector: ParticipantInfo_Kind.CONNECTOR,
  bridge: ParticipantInfo_Kind.BRIDGE,
}

/** The participant kind a token asks for; unknown ones are standard participants. */
export function kindOf(claims: Claims): ParticipantInfo_Kind {
  return KINDS[claims.kind.toLowerCase()] ?? ParticipantInfo_Kind.STANDARD
}

/** The permissions of a grant with livekit-server's defaults: everything that is not named but metadata is allowed. */
export function permissionOf(grant: VideoGrant): ParticipantPermission {
  const canPublish = grant.canPublish ?? true
  return new ParticipantPermission({
    canSubscribe: grant.canSubscribe ?? true,
    canPublish,
    canPublishData: grant.canPublishData ?? canPublish,
    canPublishSources: (grant.canPublishSources ?? []).flatMap((name) => SOURCES[name.toLowerCase()] ?? []),
    canUpdateMetadata: grant.canUpdateOwnMetadata ?? false,
    hidden: grant.hidden ?? false,
    recorder: grant.recorder ?? false,
    agent: grant.agent ?? false,
  })
}

/** Recorders and agents do not keep a room open, are not counted, and find a place in a full room. */
export function isDependent(kind: ParticipantInfo_Kind, permission: ParticipantPermission): boolean {
  return (
    kind === ParticipantInfo_Kind.EGRESS ||
    kind === ParticipantInfo_Kind.AGENT ||
    permission.recorder ||
    permission.agent
  )
}

/** The names of sources as a token writes them. */
export function sourceNames(sources: readonly TrackSource[]): string[] {
  return Object.entries(SOURCES).flatMap(([name, source]) =>
    source !== undefined && sources.includes(source) ? [name] : [],
  )
}
