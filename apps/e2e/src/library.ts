import { expect, type Locator, type Page } from '@playwright/test'
import { ADMIN_PASSWORD, type Product } from './product.ts'

/** Opens the library as the admin. @param query of its address, e.g. `?search=x` */
export async function openLibrary(page: Page, product: Product, query = ''): Promise<Locator> {
  await page.goto(`${product.url}/recordings${query}`)
  const password = page.getByRole('textbox', { name: 'Password' })
  const list = page.getByRole('list', { name: 'Recordings', exact: true })
  await expect(password.or(list)).toBeAttached()
  if (await password.isVisible()) {
    await password.fill(ADMIN_PASSWORD)
    await page.getByRole('button', { name: 'Log in', exact: true }).click()
  }
  await expect(list).toBeAttached()
  return list.getByRole('listitem')
}
