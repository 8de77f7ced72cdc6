import type { Api } from '@roomreel/api'
import type { FastifyInstance } from 'fastify'

/** Most bytes of a webhook. */
const WEBHOOK_LIMIT = 256 * 1024

/** LiveKit's webhooks, as raw bytes: the signature covers them as they came. */
export function registerWebhookRoute(app: FastifyInstance, api: Api): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: WEBHOOK_LIMIT },
      (_request, body, done) => {
        done(null, body)
      },
    )
    scope.post('/livekit/webhook', { bodyLimit: WEBHOOK_LIMIT }, async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      await api.receiveWebhook(body, request.headers.authorization)
      return reply.code(200).send()
    })
  })
}
