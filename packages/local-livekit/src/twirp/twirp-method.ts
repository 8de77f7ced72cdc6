import type { AnyMessage, Message, MessageType } from '@bufbuild/protobuf'
import type { Claims } from '../access-token/claims.ts'

/** One remote procedure: how its request is decoded, and what answers it. */
export interface TwirpMethod {
  readonly request: MessageType<AnyMessage>
  /** `claims` is undefined when the call carried no token. Throws TwirpError for what the caller did wrong. */
  handle(request: AnyMessage, claims: Claims | undefined): Promise<AnyMessage>
}

/** Methods by name, as in the last part of the path. */
export type TwirpService = Readonly<Record<string, TwirpMethod>>

/** Ties a request type to a handler for it. */
export function method<Request extends Message<Request>>(
  request: MessageType<Request>,
  handle: (request: Request, claims: Claims | undefined) => Promise<AnyMessage> | AnyMessage,
): TwirpMethod {
  return {
    // A MessageType is invariant in its message; the request handed to `handle` was made by this very type
    request: request as unknown as MessageType<AnyMessage>,
    // See above
    handle: async (decoded, claims) => handle(decoded as unknown as Request, claims),
  }
}
