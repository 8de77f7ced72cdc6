import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { networkInterfaces } from 'node:os'
import { DisconnectReason } from '@livekit/protocol'
import { pino } from 'pino'
import { TokenAuthority } from './access-token/token-authority.ts'
import { Counters } from './counters.ts'
import { EgressRegistry } from './egress/egress-registry.ts'
import type { EgressIo, EgressService } from './egress/egress-service.ts'
import { FaultLog } from './fault-log.ts'
import { settingsOf, type LocalLiveKitOptions } from './local-livekit-options.ts'
import { RoomRegistry } from './room/room-registry.ts'
import { SignalEndpoint } from './signalling/signal-endpoint.ts'
import { UdpMux } from './transport/udp-mux.ts'
import { createDtlsCertificate } from './transport/werift.ts'
import { createEgressApi } from './twirp/egress-api.ts'
import { createRoomService } from './twirp/room-service.ts'
import { TwirpEndpoint } from './twirp/twirp-endpoint.ts'
import { WebhookNotifier } from './webhooks/webhook-notifier.ts'

const LOOPBACK = '127.0.0.1'
const ALL_INTERFACES = '0.0.0.0'
/** A request that drips in slowly ends its connection and nothing else; WebSockets are none any more. */
const REQUEST_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_500,
  maxHeaderSize: 32 * 1024,
}
/** How long `close` waits for webhooks that are on their way. */
const WEBHOOK_FLUSH_MS = 2_000

/** A running server. */
export interface LocalLiveKit {
  readonly port: number
  /** `http://host:port` */
  readonly url: string
  /** What an Egress service reports to; the counterpart of `rpc.IOInfo`. */
  readonly egressIo: EgressIo
  /** Makes `service` the one that starts and stops recordings. */
  bindEgress(service: EgressService): void
  /** What was refused or dropped so far, by reason. */
  counters(): Record<string, number>
  /** Disconnects everybody (reason SERVER_SHUTDOWN) and stops; a second call joins the first. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Starts a LiveKit-compatible server.
 * @throws the system's error when the port is taken (`EADDRINUSE`) or the address is not ours
 */
export async function startLocalLiveKit(options: LocalLiveKitOptions): Promise<LocalLiveKit> {
  const host = options.host ?? LOOPBACK
  const logger = options.logger ?? pino({ level: 'silent' })
  const settings = settingsOf(options)
  const counters = new Counters()
  const faults = new FaultLog(counters, logger)
  const authority = new TokenAuthority(options.apiKey, options.apiSecret)
  const server = createServer(REQUEST_LIMITS)
  await listen(server, options.port ?? 0, host)
  let mux: UdpMux
  try {
    mux = await UdpMux.open(host === 'localhost' ? LOOPBACK : host, counters, faults)
  } catch (error) {
    server.close()
    throw error
  }
  const certificate = await createDtlsCertificate()
  const webhooks = new WebhookNotifier({
    urls: options.webhookUrls ?? [],
    authority,
    retryDelaysMs: settings.webhookRetryDelaysMs,
    maxAgeSeconds: settings.webhookMaxAgeSeconds,
    logger,
    counters,
  })
  const rooms = new RoomRegistry({ settings, counters, logger, webhooks, faults })
  const environment = { mux, certificate, addresses: advertisedAddresses(host), counters, logger }
  const signal = new SignalEndpoint({ authority, rooms, environment, settings, counters, logger })
  const registry = new EgressRegistry(webhooks)
  let egress: EgressService | undefined
  const twirp = new TwirpEndpoint({
    authority,
    logger,
    services: {
      'livekit.RoomService': createRoomService({
        rooms,
        refreshToken: signal.refreshToken,
        waitMs: settings.apiWaitMs,
      }),
      'livekit.Egress': createEgressApi({ rooms, registry, service: () => egress }),
    },
  })

  let closing: Promise<void> | undefined
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, signal, twirp).catch((error: unknown) => {
      // Without the URL, which may hold a token
      logger.error({ err: error, method: request.method }, 'request failed')
      response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => counters.add('upgrade-socket-error'))
    const url = parseUrl(request)
    if (!url || closing) {
      socket.destroy()
      return
    }
    signal.upgrade(request, socket, head, url).catch((error: unknown) => {
      logger.error({ err: error }, 'upgrade failed')
      socket.destroy()
    })
  })

  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const url = `http://${host === ALL_INTERFACES ? LOOPBACK : host}:${port}`
  logger.info({ url, mediaPort: mux.port }, 'local LiveKit is listening')

  const close = async (): Promise<void> => {
    rooms.close(DisconnectReason.SERVER_SHUTDOWN)
    await webhooks.close(WEBHOOK_FLUSH_MS)
    signal.close()
    await mux.close()
    server.closeAllConnections()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
    })
  }
  const closeOnce = (): Promise<void> => (closing ??= close())
  return {
    port,
    url,
    egressIo: registry,
    bindEgress: (service) => {
      egress = service
    },
    counters: () => counters.snapshot(),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  signal: SignalEndpoint,
  twirp: TwirpEndpoint,
): Promise<void> {
  // Browsers call from any origin; without this a client never learns why it was refused
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-allow-headers', 'authorization, content-type, *')
  response.setHeader('access-control-allow-methods', '*')
  const url = parseUrl(request)
  if (!url) {
    response.writeHead(400).end()
    return
  }
  if (request.method === 'OPTIONS') response.writeHead(204).end()
  else if (twirp.accepts(url.pathname)) await twirp.handle(request, response, url)
  else if (url.pathname === '/rtc/validate' || url.pathname === '/rtc/v1/validate')
    await signal.validate(request, response, url)
  else if (url.pathname === '/')
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('OK')
  else response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('404 page not found\n')
}

function parseUrl(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? '/', 'http://local')
  } catch {
    // Only a hostile client sends a target that is no path; the caller refuses it
    return undefined
  }
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Listening everywhere, clients elsewhere need an address of this machine's; those here may use the loopback. */
function advertisedAddresses(host: string): string[] {
  if (host === 'localhost') return [LOOPBACK]
  if (host !== ALL_INTERFACES) return [host]
  const external = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
  return [...external, LOOPBACK]
}
