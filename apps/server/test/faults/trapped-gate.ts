import { openFaultGate } from '../fault-gate.ts'
import type { Passage } from './passage.ts'
import type { Trap } from './trap.ts'

/** A gate in front of a real server, which can be closed at a step of one's choosing. */
export interface TrappedGate extends AsyncDisposable {
  /** http://host:port, for whoever is to go through the gate. */
  readonly url: string
  /** From now on nothing passes. */
  cut(): void
  restore(): void
  /** Springs once, at the first request that it matches. */
  arm(trap: Trap): void
}

/** @param target the real server's URL @param kind what the traps are told that passes here */
export async function openTrappedGate(target: string, kind: Passage['gate']): Promise<TrappedGate> {
  const gate = await openFaultGate(target)
  const traps = new Set<Trap>()
  let isCut = false

  gate.rule(async (method, path, body) => {
    const trap = [...traps].find((each) => each.matches({ gate: kind, method, path, body }))
    if (!trap) return isCut ? 'cut' : 'pass'
    traps.delete(trap)
    if (trap.moment === 'before it is heard') {
      await trap.spring()
      return 'cut'
    }
    if (trap.moment === 'as it passes') {
      await trap.spring()
      return isCut ? 'cut' : 'pass'
    }
    return { fate: 'lose-answer', onAnswered: () => trap.spring() }
  })

  return {
    url: gate.url,
    cut() {
      isCut = true
    },
    restore() {
      isCut = false
    },
    arm(trap) {
      traps.add(trap)
    },
    [Symbol.asyncDispose]: () => gate[Symbol.asyncDispose](),
  }
}
