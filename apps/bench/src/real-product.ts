import { startRealStack, type RealStack } from '@roomreel/real-stack'
import { freePort } from '@roomreel/tooling/free-port'
import { join } from 'node:path'
import { type Product, startProduct } from './product.ts'
import { repository } from './repository.ts'

export interface RealProduct extends Product {
  readonly stack: RealStack
}

/** The product on livekit-server, Redis, MinIO and an egress worker, each a process of its own. */
export async function startRealProduct(dataDir: string, maxRecordings?: number): Promise<RealProduct> {
  const port = await freePort()
  const stack = await startRealStack({
    webhookUrl: `http://127.0.0.1:${port}/livekit/webhook`,
    egressMain: join(repository, 'apps', 'egress', 'dist', 'main.js'),
    ...(maxRecordings !== undefined && { maxRecordings }),
  })
  try {
    const product = await startProduct(dataDir, { port, environment: stack.environment })
    return {
      ...product,
      stack,
      async [Symbol.asyncDispose]() {
        await product[Symbol.asyncDispose]()
        await stack[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await stack[Symbol.asyncDispose]()
    throw error
  }
}
