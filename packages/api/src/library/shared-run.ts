/** Work that many wait for and that never runs twice at once. */
export interface SharedRun {
  readonly isRunning: boolean
  /** Resolves, or rejects, with the run that is under way, or else a new one. */
  join(): Promise<void>
  /** Resolves, or rejects, with a run that begins after this call; all who wait for that share it. */
  fresh(): Promise<void>
}

export function createSharedRun(work: () => Promise<void>): SharedRun {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (): Promise<void> => {
    running = work().finally(() => {
      running = undefined
    })
    return running
  }
  const after = async (before: Promise<void>): Promise<void> => {
    // Whether it failed concerns those who waited for it
    await before.catch(() => undefined)
    next = undefined
    await (running ?? begin())
  }
  return {
    get isRunning() {
      return running !== undefined
    },
    join: () => running ?? begin(),
    fresh() {
      if (!running) return begin()
      next ??= after(running)
      return next
    },
  }
}
