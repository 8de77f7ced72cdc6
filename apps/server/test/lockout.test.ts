import { TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ADMIN_PASSWORD, type RunningProduct, runProduct } from './running-product.ts'

const MINUTE = 60_000

let now = Date.now()
let product: RunningProduct

beforeAll(async () => {
  product = await runProduct({}, () => now)
})
afterAll(async () => {
  await product[Symbol.asyncDispose]()
})
beforeEach(() => {
  // Whatever was guessed before is forgiven
  now += 24 * 60 * MINUTE
})

/** Log-ins in one request. @param address the proxy in front says whom it speaks for */
async function logIn(
  passwords: readonly string[],
  address: string,
  cookie = '',
): Promise<{ statuses: number[]; cookies: string[] }> {
  const path = passwords.map(() => 'session.login').join(',')
  const answer = await fetch(`${product.url}/trpc/${path}?batch=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address, cookie },
    body: JSON.stringify(Object.fromEntries(passwords.map((password, index) => [index, { password }]))),
  })
  const results: unknown = await answer.json()
  if (!Array.isArray(results)) throw new Error('no batch came back')
  return {
    statuses: results.map((result: unknown) => {
      const error: unknown = Reflect.get(Object(result), 'error')
      return Number(Reflect.get(Object(Reflect.get(Object(error), 'data')), 'httpStatus') ?? 200)
    }),
    cookies: answer.headers.getSetCookie().map((line) => line.split(';')[0] ?? ''),
  }
}

const wrong = (count: number) => Array.from({ length: count }, (_, index) => `wrong ${index}`)
const statusOf = async (password: string, address: string, cookie?: string) =>
  (await logIn([password], address, cookie)).statuses[0]

it('lets ten guesses through however many come at once, then makes them wait longer and longer', async () => {
  const answers = await Promise.all([logIn(wrong(20), '192.0.2.1'), logIn(wrong(20), '192.0.2.1')])
  const statuses = answers.flatMap((answer) => answer.statuses)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(30)
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1')).toBe(429)

  for (const minutes of [1, 2, 4]) {
    now += minutes * MINUTE - 1
    expect(await statusOf('wrong', '192.0.2.1')).toBe(429)
    now += 1
    expect(await statusOf('wrong', '192.0.2.1')).toBe(401)
  }
  now += 8 * MINUTE
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1')).toBe(200)
  expect(await statusOf('wrong', '192.0.2.1')).toBe(401)
})

it('counts the guesses of all addresses together, and those of one network as one', async () => {
  for (let host = 1; host <= 10; host++) {
    expect(await statusOf('wrong', `192.0.2.${host}`)).toBe(401)
  }
  expect(await statusOf('wrong', '198.51.100.1')).toBe(429)
  expect(await statusOf(ADMIN_PASSWORD, '198.51.100.1')).toBe(429)
  now += MINUTE
  expect(await statusOf(ADMIN_PASSWORD, '198.51.100.1')).toBe(200)

  now += 24 * 60 * MINUTE
  for (let host = 1; host <= 10; host++) await statusOf('wrong', `2001:db8::${host}`)
  now += MINUTE
  // Everybody's minute is over; that network was told to wait for longer than it did
  expect(await statusOf('wrong', '2001:db8::99')).toBe(401)
  expect(await statusOf('wrong', '2001:db8::99')).toBe(429)
})

it("keeps the admin's own browser out of what others guess, and no other one", async () => {
  const { cookies } = await logIn([ADMIN_PASSWORD], '192.0.2.1')
  const device = cookies.find((cookie) => cookie.startsWith('roomreel_device=')) ?? ''
  await logIn(wrong(11), '192.0.2.1')
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1')).toBe(429)
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1', `${device}x`)).toBe(429)
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1', device)).toBe(200)
  expect(
    (await logIn(wrong(11), '192.0.2.1', device)).statuses.filter((status) => status === 401),
  ).toHaveLength(10)
  expect(await statusOf(ADMIN_PASSWORD, '192.0.2.1', device)).toBe(429)
})

it('lets an office join at once from one address, and no flood', async () => {
  const join = (person: number) =>
    product
      .client({ 'x-forwarded-for': '192.0.2.7' })
      .rooms.join.mutate({ roomName: 'All hands', participantName: `Person ${person}` })
      .then(
        () => 'in',
        (error: unknown) => (error instanceof TRPCClientError ? error.message : 'failed'),
      )
  const joinAtOnce = (people: number) =>
    Promise.all(Array.from({ length: people }, (_, person) => join(person)))
  for (let office = 0; office < 6; office++) {
    expect(new Set(await joinAtOnce(50))).toEqual(new Set(['in']))
  }
  expect(await join(1)).toBe('Too many tries. Wait 60 seconds and try again.')
  now += MINUTE
  expect(await join(1)).toBe('in')
})
