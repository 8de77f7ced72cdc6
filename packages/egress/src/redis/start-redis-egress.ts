import { BinaryWriter, WireType } from '@bufbuild/protobuf'
import type { EgressInfo } from '@livekit/protocol'
import type { Logger } from 'pino'
import { pino } from 'pino'
import type { EgressWorker } from '../worker/egress-worker.ts'
import { startEgressWorker } from '../worker/egress-worker.ts'
import type { EgressWorkerOptions } from '../worker/worker-settings.ts'
import { EgressHandlers } from './egress-handlers.ts'
import { endOrphans } from './end-orphans.ts'
import { IoInfoClient } from './io-info-client.ts'
import { PsrpcServer } from './psrpc/psrpc-server.ts'
import { RedisBus } from './psrpc/redis-bus.ts'
import { RedisEgressIo } from './redis-egress-io.ts'
import { decodeStartEgressRequest } from './start-egress-request.ts'
import { WorkerLease } from './worker-lease.ts'

export interface RedisEgressOptions extends Omit<EgressWorkerOptions, 'io'> {
  /** The Redis of livekit-server, redis:// or rediss://. Nobody else may write there. */
  redisUrl: string
  /** Without a sign of life for this long, other workers end what this one has. Default 30 s. */
  leaseSeconds?: number
  /** What LiveKit has been told, e.g. for metrics. */
  onReported?: (info: EgressInfo) => void
}

/** An egress worker that is the Egress service of a real livekit-server. */
export interface RedisEgress extends AsyncDisposable {
  readonly worker: EgressWorker
  /** Resolves when livekit-server can hand it recordings, which takes as long as Redis is away. */
  readonly ready: Promise<void>
  /** Whether Redis can be reached at this moment. */
  readonly isConnected: boolean
  /** As {@link EgressWorker.drain}. */
  drain(patienceMs?: number): Promise<void>
  /** As {@link EgressWorker.close}; what is not saved waits for the next worker on its folder. */
  close(): Promise<void>
}

/**
 * Starts a worker and offers it to livekit-server over psrpc on Redis (`rpc.EgressInternal`, `rpc.EgressHandler`
 * of livekit/protocol). Several workers share the load. Redis may come and go, at the start, too.
 *
 * @throws if `dataDir` can't be made
 */
export async function startRedisEgress(options: RedisEgressOptions): Promise<RedisEgress> {
  const { redisUrl, leaseSeconds = 30, onReported = () => undefined, ...workerOptions } = options
  const logger = options.logger ?? pino({ level: 'silent' })
  const bus = new RedisBus(redisUrl, logger)
  const server = new PsrpcServer(bus, logger)
  const io = new IoInfoClient(bus)
  const lease = new WorkerLease(bus, server.id, leaseSeconds)
  const warn = (error: unknown): void => logger.warn({ err: error }, 'egress worker on Redis')
  const handlers: EgressHandlers = new EgressHandlers(server, () => worker, warn)
  const worker: EgressWorker = await startEgressWorker({
    ...workerOptions,
    io: new RedisEgressIo(io, handlers, lease, onReported),
  })
  const ready = serveInternal(server, worker)
  ready.catch((error: unknown) => {
    logger.error({ err: error }, 'the egress worker can not be offered on Redis')
  })
  const renewal = startRenewal({ bus, lease, worker, io, logger, seconds: leaseSeconds })

  const close = async (): Promise<void> => {
    clearInterval(renewal)
    handlers.closeAll()
    await worker.close()
    if (bus.isConnected && worker.egressIds.length === 0) await lease.end().catch(warn)
    bus.close()
  }
  return {
    worker,
    ready,
    get isConnected() {
      return bus.isConnected
    },
    drain: (patienceMs) => worker.drain(patienceMs),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function serveInternal(server: PsrpcServer, worker: EgressWorker): Promise<void> {
  const service = 'EgressInternal'
  await server.serve({
    service,
    name: 'StartEgress',
    affinity: () => worker.affinity(),
    handle: async (payload) => (await worker.startEgress(decodeStartEgressRequest(payload))).toBinary(),
  })
  await server.serve({
    service,
    name: 'ListActiveEgress',
    // rpc.ListActiveEgressResponse: 1 repeated string egress_ids
    handle: async () => {
      const writer = new BinaryWriter()
      for (const egressId of worker.egressIds) writer.tag(1, WireType.LengthDelimited).string(egressId)
      return writer.finish()
    },
  })
}

interface Renewal {
  bus: RedisBus
  lease: WorkerLease
  worker: EgressWorker
  io: IoInfoClient
  logger: Logger
  seconds: number
}

/** Three signs of life in each lease; between them, a look at what others have left. */
function startRenewal({ bus, lease, worker, io, logger, seconds }: Renewal): NodeJS.Timeout {
  let isRunning = false
  const renew = async (): Promise<void> => {
    if (isRunning || !bus.isConnected) return
    isRunning = true
    try {
      await lease.renew(worker.egressIds)
      await endOrphans(lease, io, logger)
    } catch (error) {
      logger.warn({ err: error }, 'the lease of the egress worker could not be renewed')
    } finally {
      isRunning = false
    }
  }
  return setInterval(() => void renew(), (seconds * 1000) / 3).unref()
}
