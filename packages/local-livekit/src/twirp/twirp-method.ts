import type { AnyMessage, Message, MessageType } from '@bufbuild/protobuf'
import type { Claims } from '../access-token/claims.ts'
import { TwirpError } from './twirp-error.ts'

/** One remote procedure: decodes the body and answers it. */
export interface TwirpMethod {
  /**
   * @param claims undefined when the call carried no token
   * @throws TwirpError for what the caller did wrong
   */
  call(body: Buffer, isJson: boolean, claims: Claims | undefined): Promise<AnyMessage>
}

/** Methods by name, as in the last part of the path. */
export type TwirpService = Readonly<Record<string, TwirpMethod>>

/** Ties a request type to a handler for it. */
export function method<Request extends Message<Request>>(
  type: MessageType<Request>,
  handle: (request: Request, claims: Claims | undefined) => Promise<AnyMessage> | AnyMessage,
): TwirpMethod {
  return { call: async (body, isJson, claims) => handle(decode(type, body, isJson), claims) }
}

function decode<Request extends Message<Request>>(
  type: MessageType<Request>,
  body: Buffer,
  isJson: boolean,
): Request {
  try {
    return isJson
      ? type.fromJsonString(body.toString(), { ignoreUnknownFields: true })
      : type.fromBinary(body)
  } catch {
    throw new TwirpError('malformed', `the ${isJson ? 'json' : 'protobuf'} request could not be decoded`)
  }
}
