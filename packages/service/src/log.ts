import { type Logger, pino } from 'pino'

/** What opens a door, by the names that it has in headers, settings and requests. */
const SECRETS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
  'token',
  'shareToken',
  'ticket',
  'apiSecret',
  'secret',
  'secretKey',
  'secretAccessKey',
  'password',
]
/** How deep in what is logged they are looked for: errors carry requests, which carry headers. */
const DEPTHS = ['', '*', '*.*', '*.*.*']
const REDACTED = DEPTHS.flatMap((depth) =>
  SECRETS.map((name) => (depth === '' || name.startsWith('[') ? depth + name : `${depth}.${name}`)),
)

/** Structured logs on stdout. Nothing that opens a door gets in: headers and URLs are never logged whole. */
export function createLog(config: { logLevel: string; logFormat: 'json' | 'pretty' }): Logger {
  return pino({
    level: config.logLevel,
    base: null,
    redact: REDACTED,
    ...(config.logFormat === 'pretty' && {
      transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss.l' } },
    }),
  })
}
