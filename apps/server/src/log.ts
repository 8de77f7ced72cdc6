import { type Logger, pino } from 'pino'
import type { ServerConfig } from './config/env.ts'

/** Structured logs on stdout. Nothing that opens a door gets in: headers and URLs are never logged whole. */
export function createLog(config: Pick<ServerConfig, 'logLevel' | 'logFormat'>): Logger {
  return pino({
    level: config.logLevel,
    base: null,
    redact: ['*.authorization', '*.cookie', '*.token', '*.apiSecret', '*.secretKey', '*.password'],
    ...(config.logFormat === 'pretty' && {
      transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' } },
    }),
  })
}
