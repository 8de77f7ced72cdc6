import { expectMedia, join, uniqueRoomName } from '../src/meeting.ts'
import { openRecordings, recordSeconds } from '../src/recording.ts'
import { expect, test } from '../src/test.ts'

test('a meeting goes on when LiveKit has died and come back, and can be recorded', async ({
  browser,
  otherBrowser,
  product,
}) => {
  const room = uniqueRoomName('LiveKit restarts')
  const alice = await join(browser, product.url, room, 'Alice')
  const bob = await join(otherBrowser, product.url, room, 'Bob')
  await alice.getByRole('button', { name: 'Turn microphone off' }).click()
  await expectMedia(bob, { sound: false })

  await product.restartLiveKit()
  // Nobody has to do anything to meet again
  for (const page of [alice, bob]) {
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(page.getByText('2 people')).toBeVisible()
  }
  await expectMedia(alice)
  await expectMedia(bob, { sound: false })
  // Who was muted still is
  await expect(alice.getByRole('button', { name: 'Turn microphone on' })).toBeVisible()

  await recordSeconds(alice, 1)
  for (const page of [alice, bob]) {
    const items = (await openRecordings(page)).getByRole('listitem')
    await expect(items.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  }
})
