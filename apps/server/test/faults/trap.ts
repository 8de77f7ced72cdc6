import type { Passage } from './passage.ts'

/** What happens when a step is reached. */
export interface Trap {
  matches(passage: Passage): boolean
  /**
   * Whether the request never reaches its server; is carried out, and its answer lost; or passes, once what happens
   * has happened.
   */
  readonly moment: 'before it is heard' | 'before it is answered' | 'as it passes'
  spring(): void | Promise<void>
}
