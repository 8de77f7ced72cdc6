/** One thing that was measured, with the budget it is to be read against. */
export interface Figure {
  readonly name: string
  /** e.g. `s`, `MB`, `CPU s/s` */
  readonly unit: string
  /** At most this, in `unit`; absent for figures that explain another one. */
  readonly budget?: number
  /** At least this, in `unit`, for figures of which more is better. */
  readonly aim?: number
  /** One value per run, in `unit`. */
  readonly values: readonly number[]
}

/** One question to the product. Each is a file in `questions/` that starts with the question and its budget. */
export interface Question {
  /** What `npm run bench -- <name>` calls it. */
  readonly name: string
  readonly title: string
  /** Programs that it measures, too; without them it is left out unless it is asked by name. */
  readonly programs?: readonly string[]
  /**
   * Measures, after it has checked that what it times gives the right answer.
   * @throws Error when the answer is wrong or never comes; never because it is slow
   */
  measure(): Promise<readonly Figure[]>
}
