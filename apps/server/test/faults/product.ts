import type { AppRouter } from '@roomreel/api'
import { freePort } from '@roomreel/tooling/free-port'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openTrappedGate, type TrappedGate } from './trapped-gate.ts'
import { Replica } from './replica.ts'
import { BUCKET, LIVEKIT_KEYS, S3_KEYS, type Stack } from './stack.ts'

const ADMIN_PASSWORD = 'correct-horse-battery'

export type Client = TRPCClient<AppRouter>

/**
 * The application in one or two replicas, behind gates of its own. It shares LiveKit and the bucket with others, but
 * neither its folder in the bucket nor its name.
 */
export interface Product extends AsyncDisposable {
  readonly stack: Stack
  /** Its folder in the bucket, with a slash at the end. */
  readonly folder: string
  readonly s3: TrappedGate
  readonly livekit: TrappedGate
  readonly replicas: readonly Replica[]
  /** A replica that knows nothing yet, as an operator would add one; it goes with the product. */
  addReplica(): Promise<Replica>
  client(replica: Replica, token: string): Client
  /** Who may see every recording. */
  admin(replica: Replica): Promise<Client>
}

export async function startProduct(stack: Stack, name: string, replicaCount: 1 | 2): Promise<Product> {
  const s3 = await openTrappedGate(stack.s3.url, 's3')
  const livekit = await openTrappedGate(stack.livekit.url, 'livekit')
  const dataDir = join(stack.folder, 'products', name)
  await mkdir(dataDir, { recursive: true })
  const replicas: Replica[] = []
  const cookies = new Map<Replica, string>()

  const addReplica = async (): Promise<Replica> => {
    const replica = new Replica({
      SERVER_PORT: String(await freePort()),
      LIVEKIT_URL: livekit.url,
      LIVEKIT_API_KEY: LIVEKIT_KEYS.apiKey,
      LIVEKIT_API_SECRET: LIVEKIT_KEYS.apiSecret,
      S3_ENDPOINT: s3.url,
      S3_ACCESS_KEY: S3_KEYS.accessKey,
      S3_SECRET_KEY: S3_KEYS.secretKey,
      // The recorder saves its files through the same gate
      EGRESS_S3_UPLOAD: 'request',
      S3_BUCKET: BUCKET,
      RECORDINGS_PATH: `${name}/`,
      APP_NAME: name,
      LOCAL_STACK: 'off',
      DATA_DIR: dataDir,
      ADMIN_PASSWORD,
      SESSION_SECRET: 'one-secret-for-all-replicas-of-this-product',
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'info',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    })
    replicas.push(replica)
    await replica.start()
    return replica
  }
  for (let count = 0; count < replicaCount; count++) await addReplica()

  const clientWith = (replica: Replica, headers: Record<string, string>): Client =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: `${replica.url}/trpc`, headers })] })

  return {
    stack,
    folder: `${name}/`,
    s3,
    livekit,
    replicas,
    addReplica,
    client: (replica, token) => clientWith(replica, { authorization: `Bearer ${token}` }),
    async admin(replica) {
      const cookie = cookies.get(replica) ?? (await logIn(replica))
      cookies.set(replica, cookie)
      return clientWith(replica, { cookie })
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()))
      await s3[Symbol.asyncDispose]()
      await livekit[Symbol.asyncDispose]()
    },
  }
}

async function logIn(replica: Replica): Promise<string> {
  const answer = await fetch(`${replica.url}/trpc/session.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: ADMIN_PASSWORD }),
  })
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0]
  if (!cookie) throw new Error(`log-in failed: ${await answer.text()}`)
  return cookie
}
