import type { OpenShareInput, OpenShareOutput } from '@roomreel/contracts'

/** What a visitor asks for of a shared recording. */
export type ShareRequest = Omit<OpenShareInput, 'shareToken'>

/** The two calls that open a link: with its secret in a body, or by its id and a cookie. */
export interface ShareCalls {
  readonly enter: (input: OpenShareInput) => Promise<OpenShareOutput>
  readonly open: (input: OpenShareInput) => Promise<OpenShareOutput>
}

/** One visit to a share link, as long as its page lives. */
export interface ShareVisit {
  /** Opens the link; what is behind its # goes out of the address as soon as it has been swapped for a cookie. */
  readonly load: (request: ShareRequest) => Promise<OpenShareOutput>
}

/**
 * @param linkId of an address that has been entered before
 * @param token what is behind the #, if anything is
 * @param onEntered shows the address of this link, which opens nothing by itself
 */
export function createShareVisit(
  calls: ShareCalls,
  linkId: string | undefined,
  token: string,
  onEntered: (linkId: string) => void,
): ShareVisit {
  return {
    async load(request) {
      if (token === '') return calls.open({ ...request, shareToken: linkId ?? '-' })
      // Each time, for browsers that keep no cookies
      const opened = await calls.enter({ ...request, shareToken: token })
      onEntered(opened.linkId)
      return opened
    },
  }
}
