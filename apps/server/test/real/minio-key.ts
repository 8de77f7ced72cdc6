import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

export interface Key {
  readonly accessKey: string
  readonly secretKey: string
}

/**
 * A key of a MinIO that may do what a policy says and no more, as `mc admin accesskey create --policy` makes it.
 * @param url of the MinIO
 * @param owner whose key it is; it may do what its owner may, too
 * @param policy in the words of AWS
 */
export async function makeMinioKey(url: string, owner: Key, policy: unknown): Promise<Key> {
  const key = { accessKey: randomBytes(8).toString('hex'), secretKey: randomBytes(16).toString('hex') }
  const path = '/minio/admin/v3/add-service-account'
  const body = sealed(JSON.stringify({ policy, ...key }), owner.secretKey)
  const headers = signed(new URL(url).host, path, body, owner)
  const answer = await fetch(url + path, { method: 'PUT', headers, body })
  if (!answer.ok) throw new Error(`MinIO made no key: ${await answer.text()}`)
  return key
}

/**
 * As MinIO's admin API wants bodies: a salt (32 bytes), which cipher (2: AES-256-GCM with a key by PBKDF2), a nonce
 * (8 bytes), then pieces of 16 KiB, of which there is one here. Each piece has a counter after the nonce, and is
 * authenticated with a byte that marks the last one (0x80) and the tag of nothing under counter 0.
 */
function sealed(text: string, secret: string): Buffer {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)]
  const key = pbkdf2Sync(secret, salt, 8192, 32, 'sha256')
  const piece = (counter: number, plain: Buffer, authenticated?: Buffer): Buffer => {
    const number = Buffer.alloc(4)
    number.writeUInt32LE(counter)
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, number]))
    if (authenticated) cipher.setAAD(authenticated)
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  }
  const isLast = Buffer.concat([Buffer.of(0x80), piece(0, Buffer.alloc(0))])
  return Buffer.concat([salt, Buffer.of(2), nonce, piece(1, Buffer.from(text), isLast)])
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signed(
  host: string,
  path: string,
  body: Buffer,
  { accessKey, secretKey }: Key,
): Record<string, string> {
  const hash = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = [timestamp.slice(0, 8), 'us-east-1', 's3', 'aws4_request']
  const headers = { host, 'x-amz-content-sha256': hash(body), 'x-amz-date': timestamp }
  const names = Object.keys(headers).join(';')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['PUT', path, '', lines.join(''), names, hash(body)].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope.join('/'), hash(canonical)].join('\n')
  let key = Buffer.from(`AWS4${secretKey}`)
  for (const part of [...scope, toSign]) key = createHmac('sha256', key).update(part).digest()
  const credential = `${accessKey}/${scope.join('/')}`
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${key.toString('hex')}`
  return { ...headers, authorization }
}
