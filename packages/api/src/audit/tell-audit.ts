import type { AuditActor } from '@roomreel/contracts'
import type { Principal } from '../access/principal.ts'
import type { ApiContext } from '../context.ts'
import { AUDIT_TABLE, AUDITED_REFUSALS, type AuditFact } from './audit-table.ts'

/** What became of a call: its answer, or the code of its error. */
export type CallOutcome = { readonly output: unknown } | { readonly code: string }

/** Tells the audit log of a call what its table says. Whatever goes wrong with that is logged, and the call stands. */
export async function tellAudit(
  ctx: ApiContext,
  path: string,
  getRawInput: () => Promise<unknown>,
  outcome: CallOutcome,
): Promise<void> {
  try {
    for (const fact of await factsOf(path, getRawInput, outcome)) {
      const { actor = actorOf(await ctx.principal()), ...about } = fact
      const entry = { at: ctx.services.now(), actor, address: ctx.request.address, ...about }
      if (!ctx.audit.isRepeatedPlay(entry)) ctx.audit.log.record(entry)
    }
  } catch (error) {
    ctx.services.log.error({ err: error, path }, 'the audit log could not be told of a call')
  }
}

async function factsOf(
  path: string,
  getRawInput: () => Promise<unknown>,
  outcome: CallOutcome,
): Promise<readonly AuditFact[]> {
  if ('code' in outcome) {
    const refused = AUDITED_REFUSALS[path]?.[outcome.code]
    return refused ? [refused] : []
  }
  return AUDIT_TABLE[path]?.(await getRawInput(), outcome.output) ?? []
}

function actorOf(principal: Principal): AuditActor {
  if (principal.kind !== 'participant') return { kind: principal.kind }
  const { kind, identity, name } = principal
  return { kind, identity, name }
}
