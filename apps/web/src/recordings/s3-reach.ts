/** What this page has learnt about whether its browser reaches S3; it is forgotten with the page. */
export interface S3Reach {
  readonly isOutOfReach: () => boolean
  /** Media came through the app when they did not come from S3. */
  readonly reportOutOfReach: () => void
  readonly subscribe: (onChange: () => void) => () => void
}

export function createS3Reach(): S3Reach {
  const listeners = new Set<() => void>()
  let outOfReach = false
  return {
    isOutOfReach: () => outOfReach,
    reportOutOfReach() {
      if (outOfReach) return
      outOfReach = true
      for (const listener of listeners) listener()
    },
    subscribe(onChange) {
      listeners.add(onChange)
      return () => {
        listeners.delete(onChange)
      }
    },
  }
}
