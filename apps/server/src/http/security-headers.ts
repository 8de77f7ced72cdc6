import helmet from '@fastify/helmet'
import type { ApiConfig } from '@roomreel/api'
import type { FastifyInstance } from 'fastify'

/** What a page may use of the device, here and in no frame of anybody else. */
const PERMISSIONS = 'camera=(self), microphone=(self), display-capture=(self), geolocation=()'
/** Half a year. Subdomains are somebody else's. */
const TRANSPORT_SECURITY = 'max-age=15552000'

/**
 * Headers of every answer. Scripts and styles are ours alone, and media come from LiveKit and S3.
 * @param frameAncestors sources of CSP (https://www.w3.org/TR/CSP3/#directive-frame-ancestors) that may show the
 *   pages in a frame; none is the default
 */
export async function registerSecurityHeaders(
  app: FastifyInstance,
  config: Pick<ApiConfig, 'livekit' | 's3'>,
  frameAncestors: readonly string[],
): Promise<void> {
  const livekit = new URL(config.livekit.publicUrl)
  const secure = livekit.protocol === 'wss:' ? 's' : ''
  const s3 = new URL(config.s3.publicEndpoint).origin
  const isFramed = frameAncestors.length > 0
  await app.register(helmet, {
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
        frameAncestors: isFramed ? [...frameAncestors] : ["'none'"],
      },
    },
    // It knows no list of origins, so it would keep out those that are named
    xFrameOptions: isFramed ? false : { action: 'deny' },
    // Media of another origin (S3) is played here without CORS
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    // Whether the browser came by TLS is known with each request
    strictTransportSecurity: false,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS)
    if (request.protocol === 'https') reply.header('strict-transport-security', TRANSPORT_SECURITY)
  })
}
