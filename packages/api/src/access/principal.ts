import type { RecordingInfo } from '@roomreel/contracts'

/** Somebody in one session of one room. */
export interface ParticipantPrincipal {
  readonly kind: 'participant'
  readonly identity: string
  /** What they call themselves. */
  readonly name: string
  readonly roomName: string
  readonly roomId: string
}

/** Who is asking. */
export type Principal = { readonly kind: 'anonymous' } | { readonly kind: 'admin' } | ParticipantPrincipal

export type LibraryPrincipal = Exclude<Principal, { kind: 'anonymous' }>

/** A participant sees the recordings of their own room session; the admin sees all. */
export function maySeeRecording(
  principal: LibraryPrincipal,
  recording: Pick<RecordingInfo, 'roomId' | 'roomName'>,
): boolean {
  if (principal.kind === 'admin') return true
  return recording.roomId === principal.roomId && recording.roomName === principal.roomName
}
