import { ParticipantInfo_Kind, type ParticipantPermission } from '@livekit/protocol'

/** What decides whether somebody belongs to the meeting or to its machinery. */
export interface ParticipantRole {
  readonly kind: ParticipantInfo_Kind
  readonly permission: ParticipantPermission
}

/** Recorders make a room one that is being recorded, and see tracks whatever their publishers' own rules say. */
export function isRecorder({ kind, permission }: ParticipantRole): boolean {
  return kind === ParticipantInfo_Kind.EGRESS || permission.recorder
}

export function isAgent({ kind, permission }: ParticipantRole): boolean {
  return kind === ParticipantInfo_Kind.AGENT || permission.agent
}

/** Recorders and agents do not keep a room open, are not counted and always find a place. Hidden ones are people. */
export function isDependent(role: ParticipantRole): boolean {
  return isRecorder(role) || isAgent(role)
}
