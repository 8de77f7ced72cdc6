import type { AuditAction, AuditEntry } from '@roomreel/contracts'

const DEEDS: Readonly<Record<AuditAction, string>> = {
  'recording.started': 'started it',
  'recording.stopped': 'stopped it',
  'recording.played': 'played it',
  'recording.downloaded': 'downloaded it',
  'recording.deleted': 'deleted it',
  'share.created': 'made a link',
  'share.revoked': 'revoked a link',
  'session.login': 'logged in',
  'session.login-failed': 'tried to log in',
}

/** Digits of a link's id that tell it from the others of its recording, which all begin alike. */
const LINK_DIGITS = 6

/** Who did what, in a few words: `Ann played it`. Pure. */
export function auditInWords({
  action,
  actor,
  linkId,
}: Pick<AuditEntry, 'action' | 'actor' | 'linkId'>): string {
  const deed = DEEDS[action]
  if (actor.kind === 'link') return `Somebody with the link ${linkMark(actor.linkId)} ${deed}`
  const who = nameOf(actor)
  return linkId === undefined ? `${who} ${deed}` : `${who} ${deed} (${linkMark(linkId)})`
}

function nameOf(actor: Exclude<AuditEntry['actor'], { kind: 'link' }>): string {
  switch (actor.kind) {
    case 'admin':
      return 'The admin'
    case 'participant':
      return actor.name || actor.identity
    case 'anonymous':
      return 'Somebody'
  }
}

/** How a link is told from the others, here and where links are listed. Pure. */
export function linkMark(linkId: string): string {
  return `…${linkId.slice(-LINK_DIGITS)}`
}
