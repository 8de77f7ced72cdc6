import { join } from 'node:path'
import { startRedisEgress, type RedisEgress } from '@roomreel/egress'
import { createLog, OperatorError } from '@roomreel/service'
import { fastify, type FastifyInstance } from 'fastify'
import { Registry } from 'prom-client'
import { createEgressMetrics } from './egress-metrics.ts'
import type { EgressConfig } from './env.ts'
import { Shutdown } from './shutdown.ts'

export interface EgressService {
  /** What to tell whoever started it. */
  readonly banner: string
  /**
   * Takes no more recordings, and resolves when those that run are saved and all is closed. Called again later, it
   * is less patient: first running recordings are ended, then what is not uploaded is left to the next start.
   *
   * @param isHasty ends running recordings at once
   */
  stop(isHasty: boolean): Promise<void>
}

/** Starts an egress worker with its routes. @throws OperatorError if its port is taken */
export async function startEgressService(config: EgressConfig): Promise<EgressService> {
  const log = createLog(config)
  const registry = new Registry()
  const metrics = createEgressMetrics(registry)
  const egress = await startRedisEgress({
    redisUrl: config.redisUrl,
    livekit: config.livekit,
    storage: config.storage,
    dataDir: join(config.dataDir, 'egress'),
    maxConcurrent: config.maxRecordings,
    logger: log.child({ part: 'egress' }),
    onReported: metrics.count,
  })
  metrics.watch(egress, config.maxRecordings)
  const http = routes(egress, registry)
  try {
    await http.listen({ host: config.host, port: config.port })
  } catch (error) {
    await egress.close()
    throw portTaken(error, config.port)
  }
  const readiness = egress.worker.readiness()
  if (!readiness.ok) log.error({ reason: readiness.reason }, 'nothing can be recorded here')
  const shutdown = new Shutdown(egress, config.drainMs, log, async () => {
    await egress.close()
    await http.close()
  })
  return {
    banner: `\n  Egress worker: up to ${config.maxRecordings} recordings at a time; http://${config.host}:${config.port}/readyz\n\n`,
    stop: (isHasty) => shutdown.begin(isHasty),
  }
}

/** `/healthz`: the process lives. `/readyz`: it can take a recording, or says what is missing. `/metrics`. */
function routes(egress: RedisEgress, registry: Registry): FastifyInstance {
  const app = fastify({ forceCloseConnections: true })
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const readiness = egress.worker.readiness()
    const parts = {
      redis: egress.isConnected ? 'ok' : 'can not be reached',
      recorder: readiness.ok ? 'ok' : readiness.reason,
    }
    const isReady = Object.values(parts).every((state) => state === 'ok')
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(parts)
  })
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  return app
}

function portTaken(error: unknown, port: number): unknown {
  if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return error
  return new OperatorError(
    `Port ${port} is taken by another program. Set EGRESS_PORT to a free port, or end that program.`,
    { cause: error },
  )
}
