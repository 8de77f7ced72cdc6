import type { Api } from '@roomreel/api'
import type { FastifyInstance } from 'fastify'

/** `/healthz`: the process lives. `/readyz`: it can serve people now, or says what is missing. */
export function registerHealthRoutes(
  app: FastifyInstance,
  api: Api,
  isDraining: () => boolean,
  recorderProblem: () => string | undefined,
): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const reached = await api.checkReadiness()
    const problem = recorderProblem()
    const parts = problem === undefined ? reached : { ...reached, egress: problem }
    const isReady = !isDraining() && Object.values(parts).every((state) => state === 'ok')
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ ...parts, ...(isDraining() && { server: 'is shutting down' }) })
  })
}
