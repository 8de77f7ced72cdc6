import type { MachineSpeed } from '../machine/machine-speed.ts'
import type { Figure } from '../question.ts'

/** What came of one question, with the machine's raw speed around it. */
export interface Answer {
  readonly question: string
  readonly figures: readonly Figure[]
  /** Why there are no figures. */
  readonly error?: string
  readonly before: MachineSpeed
  readonly after: MachineSpeed
}
