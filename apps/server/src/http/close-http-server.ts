import type { FastifyInstance } from 'fastify'

/** ms between two looks for connections whose last answer is out. */
const LOOK_AGAIN_MS = 50

/**
 * Stops listening, and resolves when everybody who was being answered has their answer.
 * @param limitMs most that this may take: then what is still being answered is cut
 * @param onLimit told before that
 */
export async function closeHttpServer(
  app: FastifyInstance,
  limitMs: number,
  onLimit: () => void,
): Promise<void> {
  const closed = app.close()
  // One that was busy before would be kept open for its next request
  const idle = setInterval(() => app.server.closeIdleConnections(), LOOK_AGAIN_MS)
  const limit = setTimeout(() => {
    onLimit()
    app.server.closeAllConnections()
  }, limitMs)
  try {
    await closed
  } finally {
    clearInterval(idle)
    clearTimeout(limit)
  }
}
