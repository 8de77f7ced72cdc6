import { ParticipantKind } from 'livekit-client'

const SERVANTS: ReadonlySet<ParticipantKind> = new Set([ParticipantKind.EGRESS, ParticipantKind.AGENT])

interface ParticipantTraits {
  readonly kind: ParticipantKind
  readonly permissions?: { readonly hidden: boolean; readonly recorder: boolean } | undefined
}

/** Whether somebody is a person for the others: recorders and agents work behind the scenes. Pure. */
export function isShownParticipant({ kind, permissions }: ParticipantTraits): boolean {
  return !SERVANTS.has(kind) && permissions?.hidden !== true && permissions?.recorder !== true
}
