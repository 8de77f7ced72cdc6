/**
 * What a call over psrpc failed with. `code` is one of psrpc's: `unavailable` (nobody offered to carry it out),
 * `deadline_exceeded` (no answer in time), or what the server said: `not_found`, `invalid_argument`, …
 */
export class PsrpcError extends Error {
  override readonly name = 'PsrpcError'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
