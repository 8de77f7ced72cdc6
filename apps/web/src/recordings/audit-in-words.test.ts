import { describe, expect, it } from 'vitest'
import { auditInWords, linkMark } from './audit-in-words.ts'

const ann = { kind: 'participant', identity: 'Ann-1f', name: 'Ann' } as const
const linkId = '0123456789abcdef0123456789abcdef'

describe('auditInWords', () => {
  it.each([
    [{ action: 'recording.started', actor: ann } as const, 'Ann started it'],
    [{ action: 'recording.stopped', actor: { ...ann, name: '' } } as const, 'Ann-1f stopped it'],
    [{ action: 'recording.deleted', actor: { kind: 'admin' } } as const, 'The admin deleted it'],
    [{ action: 'share.created', actor: ann, linkId } as const, 'Ann made a link (…abcdef)'],
    [
      { action: 'recording.played', actor: { kind: 'link', linkId }, linkId } as const,
      'Somebody with the link …abcdef played it',
    ],
    [{ action: 'session.login-failed', actor: { kind: 'anonymous' } } as const, 'Somebody tried to log in'],
  ])('%j', (entry, words) => {
    expect(auditInWords(entry)).toBe(words)
  })
})

it('marks links of one recording, whose ids begin alike, by what differs', () => {
  expect(linkMark(linkId)).not.toBe(linkMark(linkId.replace(/f$/, '0')))
})
