import { ParticipantKind } from 'livekit-client'
import { describe, expect, it } from 'vitest'
import { isShownParticipant } from './is-shown-participant.ts'

const person = { hidden: false, recorder: false }

describe('isShownParticipant', () => {
  it.each([
    ['a person', ParticipantKind.STANDARD, person, true],
    ['a person whose permissions are not known yet', ParticipantKind.STANDARD, undefined, true],
    ['somebody on the telephone', ParticipantKind.SIP, person, true],
    ['the recorder', ParticipantKind.EGRESS, undefined, false],
    ['an agent', ParticipantKind.AGENT, person, false],
    ['somebody hidden', ParticipantKind.STANDARD, { hidden: true, recorder: false }, false],
    ['a recorder of another make', ParticipantKind.STANDARD, { hidden: false, recorder: true }, false],
  ])('%s', (_what, kind, permissions, expected) => {
    expect(isShownParticipant({ kind, permissions })).toBe(expected)
  })
})
