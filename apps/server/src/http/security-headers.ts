import type { FastifyHelmetOptions } from '@fastify/helmet'
import type { ApiConfig } from '@roomreel/api'

/** Content security policy and its kin: scripts and styles are ours alone, media come from LiveKit and S3. */
export function securityHeaders(
  config: Pick<ApiConfig, 'livekit' | 's3'>,
  isProduction: boolean,
): FastifyHelmetOptions {
  const livekit = new URL(config.livekit.publicUrl)
  const secure = livekit.protocol === 'wss:' ? 's' : ''
  const s3 = new URL(config.s3.publicEndpoint).origin
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'", `ws${secure}://${livekit.host}`, `http${secure}://${livekit.host}`, s3],
        mediaSrc: ["'self'", 'blob:', s3],
        imgSrc: ["'self'", 'data:', 'blob:', s3],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Media of another origin (S3) is played here without CORS
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: isProduction ? { maxAge: 180 * 24 * 60 * 60, includeSubDomains: false } : false,
  }
}
