import { createHash } from 'node:crypto'
import { AccessToken } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningProduct, runProduct } from './running-product.ts'

let product: RunningProduct

beforeAll(async () => {
  product = await runProduct()
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})

async function post(body: string, authorization: string | undefined): Promise<number> {
  const answer = await fetch(`${product.url}/livekit/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/webhook+json', ...(authorization && { authorization }) },
    body,
  })
  return answer.status
}

async function sign(body: string, options: { secret?: string; ttl?: string } = {}): Promise<string> {
  const { apiKey, apiSecret } = product.config.api.livekit
  const token = new AccessToken(apiKey, options.secret ?? apiSecret, { ttl: options.ttl ?? '5m' })
  token.sha256 = createHash('sha256').update(body).digest('base64')
  return token.toJwt()
}

const event = JSON.stringify({ event: 'room_started', room: { name: 'Room', sid: 'RM_1' }, id: 'EV_1' })

describe('POST /livekit/webhook', () => {
  it('takes what LiveKit has signed', async () => {
    expect(await post(event, await sign(event))).toBe(200)
  })

  it('takes news of an egress that is none of ours', async () => {
    const foreign = JSON.stringify({
      event: 'egress_ended',
      egressInfo: { egressId: 'EG_x', roomName: 'Room' },
    })
    expect(await post(foreign, await sign(foreign))).toBe(200)
  })

  it('refuses what is not signed', async () => {
    expect(await post(event, undefined)).toBe(401)
  })

  it('refuses what somebody else has signed', async () => {
    expect(await post(event, await sign(event, { secret: 'another' }))).toBe(401)
  })

  it('refuses a signature that has expired', async () => {
    expect(await post(event, await sign(event, { ttl: '-1h' }))).toBe(401)
  })

  it('refuses a signature of another body', async () => {
    expect(await post(event, await sign('{}'))).toBe(401)
  })

  it.each(['', 'hello', '[]', '{}', '\u0000'])(
    'says that %j is no webhook, well signed as it may be',
    async (body) => {
      expect(await post(body, await sign(body))).toBe(400)
    },
  )

  it('does not read more than a webhook can be long', async () => {
    const long = JSON.stringify({ event: 'x'.repeat(300_000) })
    expect(await post(long, await sign(long))).toBe(413)
  })
})
