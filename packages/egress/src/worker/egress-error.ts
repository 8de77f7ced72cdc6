/**
 * Codes an egress call can fail with: the psrpc names, which LiveKit's API turns into HTTP statuses.
 * - `invalid_argument`: the request asks for what this recorder does not do, or lacks a field
 * - `not_found`: no egress with that id
 * - `failed_precondition`: the egress has ended already
 * - `resource_exhausted`: as many recordings as allowed are running
 * - `unavailable`: the worker can't record now (draining, encoder not installed, egress store away)
 * - `internal`: a fault of ours
 */
export type EgressErrorCode =
  'invalid_argument' | 'not_found' | 'failed_precondition' | 'resource_exhausted' | 'unavailable' | 'internal'

/** The one error that calls of the worker reject with. */
export class EgressError extends Error {
  override readonly name = 'EgressError'
  readonly code: EgressErrorCode

  constructor(code: EgressErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
