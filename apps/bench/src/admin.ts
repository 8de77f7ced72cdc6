import type { Client, Product } from './product.ts'

/** Set for products that the admin logs in to. */
export const ADMIN_PASSWORD = 'password-of-the-bench'

/** Logs in. @throws Error when that fails */
export async function adminOf(product: Product): Promise<Client> {
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
  return product.client(undefined, { cookie })
}
