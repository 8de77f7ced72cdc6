import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningProduct, runProduct } from './running-product.ts'

const CLIENTS = 1_000
/** ms between two bytes of each of them. */
const DRIP_MS = 1_000
const WAIT = { timeout: 120_000 }

let product: RunningProduct
const sockets = new Set<Socket>()

beforeAll(async () => {
  product = await runProduct()
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await product[Symbol.asyncDispose]()
})

/** So many connections on which a request begins and never ends, all of them made. @returns how many are still open */
async function drip(beginning: string, count: number): Promise<() => number> {
  const open = new Set<Socket>()
  await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(product.config.port, '127.0.0.1')
      // To be cut off is what it is here for
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(socket))
      socket.resume()
      sockets.add(socket)
      await once(socket, 'connect')
      open.add(socket)
      socket.write(beginning)
    }),
  )
  const timer = setInterval(() => {
    for (const socket of open) socket.write('x')
    if (open.size === 0) clearInterval(timer)
  }, DRIP_MS).unref()
  return () => open.size
}

async function joins(participantName: string): Promise<void> {
  const { token } = await product.client().rooms.join.mutate({ roomName: 'Slow', participantName })
  await product.participant(token).recordings.list.query({})
}

it('a thousand that drip their headers keep nobody from joining, and are sent away', async () => {
  await joins('Early')
  const headers = await drip('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ', CLIENTS)
  const bodies = await drip(
    'POST /trpc/rooms.join HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90000\r\n\r\n',
    CLIENTS / 10,
  )
  for (const name of ['A', 'B', 'C']) await joins(name)
  expect(sockets.size).toBe(CLIENTS + CLIENTS / 10)
  await expect.poll(headers, WAIT).toBe(0)
  // A body may take longer: what is sent through a bad network is still sent
  expect(bodies()).toBe(CLIENTS / 10)
  await joins('Late')
})
