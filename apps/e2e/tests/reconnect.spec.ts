import { expectMedia, join, uniqueRoomName } from '../src/meeting.ts'
import { Signalling } from '../src/signalling.ts'
import { expect, test } from '../src/test.ts'

test('who had to connect anew sees at once what happens', async ({ browser, product }) => {
  const room = uniqueRoomName('Reconnect')
  const signalling = new Signalling()
  const alice = await join(browser, product.url, room, 'Alice', (page) => signalling.intercept(page))
  const bob = await join(browser, product.url, room, 'Bob')
  await expectMedia(alice)
  const bobMuted = alice.getByRole('listitem').filter({ hasText: 'Bob' }).getByTitle('Muted')
  await expect(bobMuted).toHaveCount(0)

  // So that nothing else than Bob's muting makes the page look anew
  signalling.withheld.add('speakersChanged').add('connectionQuality')
  const interruption = alice.getByRole('alert').filter({ hasText: 'The connection is interrupted' })
  signalling.loseSession()
  await interruption.waitFor()
  await interruption.waitFor({ state: 'hidden' })
  await bob.getByRole('button', { name: 'Turn microphone off' }).click()
  await expect(bobMuted).toBeVisible()
})
