import { type Api, AppError, type MediaQuery } from '@roomreel/api'
import { RecordingNameSchema } from '@roomreel/contracts'
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { PlaybackEnd, ProductMetrics } from './product-metrics.ts'

const Params = z.object({ recordingName: RecordingNameSchema })
const Query = z.object({ ticket: z.string().max(4_096).optional(), download: z.string().optional() })

/** A recording's file, or its picture, under a ticket: whole or in part, for players and downloads. */
export function registerMediaRoute(app: FastifyInstance, api: Api, metrics: ProductMetrics): void {
  for (const [part, url] of [
    ['video', '/media/:recordingName'],
    ['thumbnail', '/media/:recordingName/thumbnail'],
  ] as const) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      exposeHeadRoute: false,
      handler: handlerOf(api, metrics, part),
    })
  }
}

function handlerOf(api: Api, metrics: ProductMetrics, part: MediaQuery['part']): RouteHandlerMethod {
  return async (request, reply) => {
    const params = Params.safeParse(request.params)
    const query = Query.safeParse(request.query)
    if (!params.success || !query.success)
      throw new AppError('BAD_REQUEST', 'This address names no recording.')

    const left = new AbortController()
    const leave = (): void => {
      if (!reply.raw.writableFinished) left.abort()
    }
    reply.raw.once('close', leave)
    const media = await api.openMedia(
      {
        method: request.method === 'HEAD' ? 'HEAD' : 'GET',
        recordingName: params.data.recordingName,
        part,
        download: query.data.download === '1',
        headers: singleHeaders(request),
      },
      query.data.ticket,
      left.signal,
    )
    reply.hijack()
    // What the hooks have set so far: security headers
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value)
    }
    reply.raw.writeHead(media.status, media.headers)
    if (!media.body) {
      reply.raw.end()
      return
    }
    const { socket } = reply.raw
    const sentBefore = socket?.bytesWritten ?? 0
    const tell = (end: PlaybackEnd): void =>
      metrics.playback(part, end, (socket?.bytesWritten ?? sentBefore) - sentBefore)
    // Ending the answer is also how a failure of S3 reaches the client: then it is not the client who left
    let isStorageFault = false
    media.body.once('error', () => {
      isStorageFault = !left.signal.aborted
    })
    try {
      await pipeline(media.body, reply.raw)
      tell('finished')
    } catch (error) {
      tell(isStorageFault ? 'failed' : 'left')
      // The headers are out, so all that is left is to end the connection, which pipeline has done
      request.log[isStorageFault ? 'error' : 'debug']({ err: error }, 'media was not sent to its end')
    }
  }
}

function singleHeaders({ headers }: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
