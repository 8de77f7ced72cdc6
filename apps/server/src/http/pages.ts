import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Where the SPA has a page; its router shows the right one. */
const PAGES = ['/', '/rooms/:roomName', '/recordings', '/recordings/:recordingName', '/s/', '/s/:linkId']

/** The SPA: its files (named by their content, so kept for ever) and its page at every address that it knows. */
export async function registerPages(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    index: false,
    wildcard: true,
    setHeaders(reply, path) {
      reply.header(
        'cache-control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
    },
  })
  for (const page of PAGES) {
    app.get(page, async (_request, reply) => reply.sendFile('index.html'))
  }
}
