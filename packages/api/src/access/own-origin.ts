/** What a browser says of the page that a request comes from. Header names as in HTTP. */
export interface RequestOrigin {
  readonly origin?: string | undefined
  /** Fetch Metadata (W3C): pages can't forge it; it is sent to https and localhost alone. */
  readonly secFetchSite?: string | undefined
  /** Host and port under which the client sees this app. */
  readonly host: string
}

/**
 * Whether a request that changes something may come from this page: from the app itself, or from no page at all
 * (a script, a command line), which brings no cookies of somebody else. Pure.
 */
export function isOwnOrigin({ origin, secFetchSite, host }: RequestOrigin): boolean {
  if (secFetchSite !== undefined) return secFetchSite === 'same-origin' || secFetchSite === 'none'
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host
}
