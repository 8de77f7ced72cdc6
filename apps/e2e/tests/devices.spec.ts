import { CHROMIUM_ARGS } from '@roomreel/tooling/chromium'
import { uniqueRoomName } from '../src/meeting.ts'
import { expect, test } from '../src/test.ts'

test.use({
  permissions: [],
  launchOptions: async ({ launchOptions }, use) => {
    // Without the flag that allows every camera, and with one that refuses to ask
    const args = CHROMIUM_ARGS.filter((arg) => arg !== '--use-fake-ui-for-media-stream')
    await use({ ...launchOptions, args: [...args, '--deny-permission-prompts'] })
  },
})

test('who may not use camera and microphone joins all the same', async ({ page, product }) => {
  await page.goto(`${product.url}/rooms/${encodeURIComponent(uniqueRoomName())}`)
  await page.getByRole('textbox', { name: 'Your name' }).fill('Quiet')
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Leave', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start recording', exact: true })).toBeEnabled()
})
