/** Reads a text that this browser keeps; undefined when there is none or storage is not allowed. */
export function readStoredText(storage: () => Storage, key: string): string | undefined {
  try {
    return storage().getItem(key) ?? undefined
  } catch {
    // Storage is switched off (private windows, policies): the page works without its memory
    return undefined
  }
}

/** Keeps a text in this browser as far as it lets us; undefined removes it. */
export function writeStoredText(storage: () => Storage, key: string, text: string | undefined): void {
  try {
    if (text === undefined) storage().removeItem(key)
    else storage().setItem(key, text)
  } catch {
    // Storage is switched off or full: nothing that is kept here is needed
  }
}

export const localMemory = (): Storage => window.localStorage
export const tabMemory = (): Storage => window.sessionStorage
