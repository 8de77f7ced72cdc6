import {
  ParticipantInfo_Kind,
  ParticipantPermission,
  RoomConfiguration,
  TrackSource,
} from '@livekit/protocol'
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
  canSubscribeMetrics: z.boolean().optional(),
  canManageAgentSession: z.boolean().optional(),
  ingressAdmin: z.boolean().optional(),
  hidden: z.boolean().optional(),
  recorder: z.boolean().optional(),
  agent: z.boolean().optional(),
})
export type VideoGrant = z.infer<typeof videoGrant>

/** Options of the room that a token's holder may create by joining, in protobuf's JSON. */
const roomConfiguration = z.json().transform((value, context) => {
  try {
    return RoomConfiguration.fromJson(value, { ignoreUnknownFields: true })
  } catch (error) {
    context.addIssue(`no room configuration: ${error instanceof Error ? error.message : String(error)}`)
    return z.NEVER
  }
})

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
  roomConfig: roomConfiguration.optional(),
  /** Name of a configuration that the server knows; this one knows none. */
  roomPreset: z.string().optional(),
  /** When the token ends, in seconds since the epoch. */
  exp: z.number().optional(),
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
function kindOf(claims: Claims): ParticipantInfo_Kind {
  return KINDS[claims.kind.toLowerCase()] ?? ParticipantInfo_Kind.STANDARD
}

/** The permissions of a grant with livekit-server's defaults: everything that is not named but metadata is allowed. */
function permissionOf(grant: VideoGrant): ParticipantPermission {
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
    canSubscribeMetrics: grant.canSubscribeMetrics ?? false,
    canManageAgentSession: grant.canManageAgentSession ?? false,
  })
}

/** What a token makes of its holder. */
export function roleOf(claims: Claims): { kind: ParticipantInfo_Kind; permission: ParticipantPermission } {
  return { kind: kindOf(claims), permission: permissionOf(claims.video ?? {}) }
}

/** The claims with what a joining client says of itself; it can't take attributes away. */
export function withOwnWords(
  claims: Claims,
  own: { readonly metadata: string; readonly attributes: Readonly<Record<string, string>> },
): Claims {
  const attributes = Object.entries(own.attributes).filter(([, value]) => value !== '')
  return {
    ...claims,
    metadata: own.metadata === '' ? claims.metadata : own.metadata,
    attributes: { ...claims.attributes, ...Object.fromEntries(attributes) },
  }
}

/** The claims with a new permission, so that a reconnect with the refreshed token keeps it. */
export function withPermission(claims: Claims, permission: ParticipantPermission): Claims {
  return {
    ...claims,
    video: {
      ...claims.video,
      canSubscribe: permission.canSubscribe,
      canPublish: permission.canPublish,
      canPublishData: permission.canPublishData,
      canPublishSources: sourceNames(permission.canPublishSources),
      canUpdateOwnMetadata: permission.canUpdateMetadata,
      hidden: permission.hidden,
      recorder: permission.recorder,
      agent: permission.agent,
      canSubscribeMetrics: permission.canSubscribeMetrics,
      canManageAgentSession: permission.canManageAgentSession,
    },
  }
}

/** The names of sources as a token writes them. */
function sourceNames(sources: readonly TrackSource[]): string[] {
  return Object.entries(SOURCES).flatMap(([name, source]) =>
    source !== undefined && sources.includes(source) ? [name] : [],
  )
}
