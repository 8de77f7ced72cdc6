import { ShareLinkIdSchema } from '@roomreel/contracts'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const SECRET_BYTES = 32
const ID_BYTES = 8
/** Hex digits of a link's id that say which recording it is of. */
const RECORDING_DIGITS = 16

/** What a link brings that is opened: which link, and the secret that opens it. */
export interface ShareToken {
  readonly linkId: string
  readonly secret: string
}

/** The beginning of the id of every link of a recording; it does not tell the recording's name. */
export function linkIdPrefix(recordingName: string): string {
  return createHash('sha256').update(recordingName).digest('hex').slice(0, RECORDING_DIGITS)
}

/** A link of its own, with 256 bits of secret. */
export function makeShareToken(recordingName: string): ShareToken {
  return {
    linkId: linkIdPrefix(recordingName) + randomBytes(ID_BYTES).toString('hex'),
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
  }
}

export function writeShareToken({ linkId, secret }: ShareToken): string {
  return `${linkId}.${secret}`
}

/**
 * Reads what is behind a link's #, or the link's id alone (then without a secret). Who copies more of the link than
 * that is understood.
 * @returns undefined for anything else
 */
export function readShareToken(
  text: string,
): { readonly linkId: string; readonly secret: string | undefined } | undefined {
  const [linkId, secret, ...rest] = text.slice(text.lastIndexOf('#') + 1).split('.')
  if (rest.length > 0 || !ShareLinkIdSchema.safeParse(linkId).success || linkId === undefined)
    return undefined
  return { linkId, secret }
}

/** What is kept of a secret: SHA-256, in hex. It is random, so nothing slower is needed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Compares in constant time. @param hash as `hashSecret` makes it */
export function isSecretOf(hash: string, secret: string): boolean {
  const given = Buffer.from(hashSecret(secret), 'hex')
  const kept = Buffer.from(hash, 'hex')
  return given.length === kept.length && timingSafeEqual(given, kept)
}
