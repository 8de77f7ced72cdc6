import {
  type AuditAction,
  type AuditActor,
  DeleteRecordingsOutputSchema,
  OpenShareInputSchema,
  OpenShareOutputSchema,
  PlaybackInputSchema,
  RecordingInfoSchema,
  RevokeShareLinkInputSchema,
  ShareRecordingInputSchema,
  ShareRecordingOutputSchema,
} from '@roomreel/contracts'

/** What the audit log is told of a call. */
export interface AuditFact {
  readonly action: AuditAction
  /** Instead of who the call's credentials say it is. */
  readonly actor?: AuditActor
  readonly recordingName?: string
  readonly recordingId?: string
  readonly roomName?: string
  readonly linkId?: string
}

/** Reads facts from what a call was given and what it answered, which have passed the procedure's own schemas. */
type FactsOf = (input: unknown, output: unknown) => readonly AuditFact[]

const ofRecording =
  (action: AuditAction): FactsOf =>
  (_input, output) => {
    const { id, name, roomName } = RecordingInfoSchema.parse(output)
    // It may have no name yet
    return [{ action, recordingId: id, ...(name && { recordingName: name }), roomName }]
  }

const opened: FactsOf = (input, output) => {
  const { recording, linkId } = OpenShareOutputSchema.parse(output)
  const { download = false } = OpenShareInputSchema.parse(input)
  return [
    {
      action: download ? 'recording.downloaded' : 'recording.played',
      actor: { kind: 'link', linkId },
      recordingName: recording.name,
      recordingId: recording.id,
      roomName: recording.roomName,
      linkId,
    },
  ]
}

/** Which calls are told of when they succeed. Every mutation is here, or among `UNTOLD`. */
export const AUDIT_TABLE: Readonly<Record<string, FactsOf>> = {
  'recordings.start': ofRecording('recording.started'),
  'recordings.stop': ofRecording('recording.stopped'),
  'recordings.playback': (input) => {
    const { recordingName, download = false } = PlaybackInputSchema.parse(input)
    return [{ action: download ? 'recording.downloaded' : 'recording.played', recordingName }]
  },
  'recordings.delete': (_input, output) =>
    DeleteRecordingsOutputSchema.parse(output).deleted.map((recordingName) => ({
      action: 'recording.deleted',
      recordingName,
    })),
  'recordings.share': (input, output) => [
    {
      action: 'share.created',
      recordingName: ShareRecordingInputSchema.parse(input).recordingName,
      linkId: ShareRecordingOutputSchema.parse(output).linkId,
    },
  ],
  'share.revoke': (input) => {
    const { recordingName, linkId } = RevokeShareLinkInputSchema.parse(input)
    return [{ action: 'share.revoked', recordingName, linkId }]
  },
  'share.enter': opened,
  'share.open': opened,
  'session.login': () => [{ action: 'session.login', actor: { kind: 'admin' } }],
}

/** What is told of a call that was refused, by the code of its error. */
export const AUDITED_REFUSALS: Readonly<Record<string, Readonly<Record<string, AuditFact>>>> = {
  'session.login': {
    UNAUTHORIZED: { action: 'session.login-failed', actor: { kind: 'anonymous' } },
  },
}

/** Mutations that the audit log has nothing to say of. */
export const UNTOLD: readonly string[] = ['rooms.join', 'session.logout']
