import type { Client, Product } from './product.ts'

const ADMIN_PASSWORD = 'password-of-the-bench'

/** For products that the admin logs in to; a session of one is good for the next. */
export const ADMIN_ENVIRONMENT: Readonly<Record<string, string>> = {
  ADMIN_PASSWORD,
  SESSION_SECRET: 'secret-of-the-bench-that-is-no-secret',
}

/** Logs in. @throws Error when that fails */
export async function adminOf(product: Product): Promise<Client> {
  return product.client(undefined, await adminHeaders(product))
}

/** What makes a request the admin's. @throws Error when the log-in fails */
export async function adminHeaders(product: Product): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(`${product.url}/trpc/session.login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: ADMIN_PASSWORD }),
  })
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0] ?? '')
    .join('; ')
  if (!answer.ok || cookie === '') throw new Error(`The log-in failed: ${await answer.text()}`)
  return { cookie }
}
