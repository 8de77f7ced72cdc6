import { type AuditSink, createApi } from '@roomreel/api'
import { createLog } from '@roomreel/service'
import type { FastifyInstance } from 'fastify'
import { setTimeout as delay } from 'node:timers/promises'
import { Registry } from 'prom-client'
import type { ServerConfig } from './config/env.ts'
import { keptSecret } from './config/kept-secret.ts'
import { buildHttpServer } from './http/build-http-server.ts'
import { closeHttpServer } from './http/close-http-server.ts'
import { createProductMetrics } from './http/product-metrics.ts'
import { PortTakenError, startLocalStack } from './local-stack/start-local-stack.ts'

/** Most ms that running recordings may take to be finished and uploaded when the process is told to end. */
const DRAIN_MS = 18_000
/** Most ms that requests may take to be answered when the process is told to end. */
const ANSWER_MS = 10_000
/** Most ms that both may take together. */
const STOP_MS = 20_000

export interface RunningServer {
  /** What to tell whoever started it. */
  readonly banner: string
  /** Finishes running recordings, then ends everything; calling it again joins the first call. */
  stop(): Promise<void>
}

/**
 * Starts the product: the local stack for what is not there, then the application on its port.
 * @param webRoot folder of the built SPA
 * @param now the application's clock, ms since the epoch
 * @throws PortTakenError
 */
export async function startServer(
  config: ServerConfig,
  webRoot: string,
  now: () => number = Date.now,
): Promise<RunningServer> {
  const log = createLog(config)
  const adminPassword = config.adminPassword ?? (await keptSecret(config.dataDir, 'admin-password', 12))
  const sessionSecret = config.sessionSecret ?? (await keptSecret(config.dataDir, 'session-secret', 32))

  let isDraining = false
  const stack = await startLocalStack(config, log)
  const apiConfig = { ...config.api, adminPassword, sessionSecret }
  const registry = new Registry()
  const metrics = createProductMetrics(registry)
  const api = createApi(apiConfig, log, { now, metrics, auditSink: auditSinkOf(config) })
  const app = await buildHttpServer({
    api,
    registry,
    metrics,
    config: apiConfig,
    frameAncestors: config.frameAncestors,
    trustedProxies: config.trustedProxies,
    log,
    webRoot,
    isDraining: () => isDraining,
    recorderProblem: () => stack.recorderProblem(),
  })
  try {
    await listen(app, config)
  } catch (error) {
    await api.close()
    await stack.close()
    throw error
  }

  let stopping: Promise<void> | undefined
  return {
    banner: banner(config, adminPassword, [
      ...(stack.livekit ? [`LiveKit and recorder at ${config.api.livekit.url}`] : []),
      ...(stack.hasRecorder && !stack.livekit ? [`egress worker for ${config.api.livekit.url}`] : []),
      ...(stack.s3 ? [`S3 at ${config.api.s3.endpoint}, kept in ${config.dataDir}/s3`] : []),
    ]),
    stop() {
      stopping ??= (async () => {
        isDraining = true
        const isHere = delay(config.shutdownDelayMs)
        const since = performance.now()
        log.info('shutting down: running recordings are finished first')
        // The routes stay open meanwhile: LiveKit still has to tell how the recordings ended
        await within(DRAIN_MS, stack.drain(), () =>
          log.warn('recordings go on being saved at the next start'),
        )
        const answerMs = Math.min(ANSWER_MS, STOP_MS - (performance.now() - since))
        await isHere
        await closeHttpServer(app, answerMs, () =>
          log.warn('requests were cut that were not answered in time'),
        )
        await api.close()
        await stack.close()
      })()
      return stopping
    },
  }
}

/** Lines of the audit log go beside those of the log, which has a level and may be pretty. */
function auditSinkOf({ auditLog }: ServerConfig): AuditSink {
  return auditLog === 'stdout' ? { writeLine: (line) => void process.stdout.write(line) } : auditLog
}

async function listen(app: FastifyInstance, { host, port }: ServerConfig): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new PortTakenError(
        `Port ${port} is taken by another program. Set SERVER_PORT to a free port, or end that program.`,
        { cause: error },
      )
    }
    throw error
  }
}

async function within(limitMs: number, work: Promise<void>, onLimit: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      onLimit()
      resolve()
    }, limitMs)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

function banner(config: ServerConfig, adminPassword: string, embedded: readonly string[]): string {
  const host = config.host === '127.0.0.1' || config.host === '0.0.0.0' ? 'localhost' : config.host
  const url = `http://${host}:${config.port}`
  return [
    '',
    `  Roomreel is ready:  ${url}`,
    `  All recordings:     ${url}/recordings`,
    // A password that somebody set is theirs to know
    ...(config.adminPassword === undefined ? [`  Admin password:     ${adminPassword}`] : []),
    ...embedded.map((part) => `  Embedded:           ${part}`),
    '',
    '',
  ].join('\n')
}
