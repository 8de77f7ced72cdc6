import type { Logger } from 'pino'

/** What `startLocalLiveKit` takes. Times are in the unit their name says; the defaults are livekit-server's. */
export interface LocalLiveKitOptions {
  /** IPv4 address to listen on; 127.0.0.1 unless other machines should reach it, 0.0.0.0 for all. */
  host?: string
  /** TCP port of signalling and API; 0 takes a free one. Media take a free UDP port. */
  port?: number
  apiKey: string
  apiSecret: string
  webhookUrls?: readonly string[]
  logger?: Logger
  /** How long a room without any participant lives after it was created. */
  emptyTimeoutSeconds?: number
  /** How long a room lives after its last participant left. */
  departureTimeoutSeconds?: number
  /** How often clients are told to ping. */
  pingIntervalSeconds?: number
  /** Silence on the WebSocket after which it is given up. */
  pingTimeoutSeconds?: number
  /** Silence of a participant's media path after which the participant is given up. */
  mediaTimeoutSeconds?: number
  /** Wait before each delivery attempt of a webhook, counted from the end of the attempt before. */
  webhookRetryDelaysMs?: readonly number[]
  /** Events that had to wait longer are dropped unsent. */
  webhookMaxAgeSeconds?: number
  /** How long an API call waits for a room or participant that nobody serves, before it answers 503 or 404. */
  apiWaitMs?: number
}

/** The options with their defaults filled in. */
export type Settings = Required<
  Omit<LocalLiveKitOptions, 'logger' | 'host' | 'port' | 'apiKey' | 'apiSecret' | 'webhookUrls'>
>

/** Attempts 0, 1, 3, 7 and 15 s after the first. */
const WEBHOOK_RETRY_DELAYS_MS = [0, 1_000, 2_000, 4_000, 8_000]

export function settingsOf(options: LocalLiveKitOptions): Settings {
  return {
    emptyTimeoutSeconds: options.emptyTimeoutSeconds ?? 300,
    departureTimeoutSeconds: options.departureTimeoutSeconds ?? 20,
    pingIntervalSeconds: options.pingIntervalSeconds ?? 5,
    pingTimeoutSeconds: options.pingTimeoutSeconds ?? 15,
    mediaTimeoutSeconds: options.mediaTimeoutSeconds ?? 15,
    webhookRetryDelaysMs: options.webhookRetryDelaysMs ?? WEBHOOK_RETRY_DELAYS_MS,
    webhookMaxAgeSeconds: options.webhookMaxAgeSeconds ?? 30,
    apiWaitMs: options.apiWaitMs ?? 3_000,
  }
}
