import { createHash, createHmac } from 'node:crypto'

/** Where and when a signature is valid: the parts of the credential after the access key. */
export interface CredentialScope {
  /** YYYYMMDD */
  readonly date: string
  readonly region: string
}

export function scopeText({ date, region }: CredentialScope): string {
  return `${date}/${region}/s3/aws4_request`
}

/**
 * Derives the key of one day and region from the secret.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#calculate-signature
 */
export function deriveSigningKey(secretKey: string, scope: CredentialScope): Buffer {
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return hmac(hmac(hmac(hmac(`AWS4${secretKey}`, scope.date), scope.region), 's3'), 'aws4_request')
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
