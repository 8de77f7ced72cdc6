import { freePort } from '@roomreel/tooling/free-port'
import { answers, runProgram, type RunningProgram } from './run-program.ts'

export interface LiveKitServerOptions {
  apiKey: string
  apiSecret: string
  /** Without it there is no Egress. */
  redisPort?: number
  webhookUrls?: readonly string[]
  /** Of rooms that don't say otherwise, in seconds. Default: livekit-server's own. */
  emptyTimeoutSeconds?: number
  departureTimeoutSeconds?: number
  /** TCP port of API and signalling, UDP port of media. Default: free ones; given, the same server comes back. */
  ports?: LiveKitServerPorts
}

export interface LiveKitServerPorts {
  http: number
  udp: number
}

export interface LiveKitServer extends RunningProgram {
  readonly url: string
  readonly ports: LiveKitServerPorts
}

/** The real livekit-server, on loopback alone. */
export async function startLiveKitServer(options: LiveKitServerOptions): Promise<LiveKitServer> {
  const {
    apiKey,
    apiSecret,
    redisPort,
    webhookUrls = [],
    emptyTimeoutSeconds,
    departureTimeoutSeconds,
  } = options
  const ports = options.ports ?? { http: await freePort(), udp: await freePort() }
  const config = {
    port: ports.http,
    bind_addresses: ['127.0.0.1'],
    rtc: {
      // 0 is off; left out it is 7881 on all interfaces
      tcp_port: 0,
      udp_port: ports.udp,
      use_external_ip: false,
      node_ip: '127.0.0.1',
      interfaces: { includes: ['lo'] },
      enable_loopback_candidate: true,
      stun_servers: [],
    },
    ...(redisPort !== undefined && { redis: { address: `127.0.0.1:${redisPort}` } }),
    room: {
      ...(emptyTimeoutSeconds !== undefined && { empty_timeout: emptyTimeoutSeconds }),
      ...(departureTimeoutSeconds !== undefined && { departure_timeout: departureTimeoutSeconds }),
    },
    keys: { [apiKey]: apiSecret },
    ...(webhookUrls.length > 0 && { webhook: { api_key: apiKey, urls: webhookUrls } }),
  }
  const url = `http://127.0.0.1:${ports.http}`
  const program = await runProgram({
    name: 'livekit-server',
    // JSON is YAML
    args: ['--config-body', JSON.stringify(config)],
    isReady: () => answers(url),
  })
  return { ...program, url, ports }
}
