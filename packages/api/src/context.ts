import { authenticate, type Credentials } from './access/authenticate.ts'
import type { Principal } from './access/principal.ts'
import type { Audit } from './audit/create-audit.ts'
import type { RecordingFeed } from './library/recording-feed.ts'
import type { Services } from './services.ts'

/** One request, as the HTTP server hands it in. */
export interface ApiRequest {
  readonly credentials: Credentials
  /** The client's address, for rate limits. */
  readonly address: string
  /** Scheme and host under which the client sees this app, for links. */
  readonly origin: string
  /** Whether it may change something: see `isOwnOrigin`. */
  readonly isOwnOrigin: boolean
  readonly log: Services['log']
  /** Sets or (undefined) clears the session cookie. */
  setSession(token: string | undefined): void
  /** The cookie of a browser in which the admin has logged in before; see `signAdminDevice`. */
  readonly device: string | undefined
  setDevice(token: string): void
  /** The cookie that a browser has for a share link which it has entered; see `signShareVisit`. */
  shareVisit(linkId: string): string | undefined
  setShareVisit(linkId: string, token: string): void
}

export interface ApiContext {
  readonly services: Services
  readonly feed: RecordingFeed
  readonly audit: Audit
  readonly request: ApiRequest
  /** @throws AppError UNAUTHORIZED or FORBIDDEN for credentials that are there and are not good */
  principal(): Promise<Principal>
}

export function createContext(
  services: Services,
  feed: RecordingFeed,
  audit: Audit,
  request: ApiRequest,
): ApiContext {
  let principal: Promise<Principal> | undefined
  return {
    services: { ...services, log: request.log },
    feed,
    audit,
    request,
    // Once per request, however many procedures its batch holds
    principal: () =>
      (principal ??= authenticate(
        services.config,
        services.signingKeys,
        request.credentials,
        services.now(),
      )),
  }
}
