import { expectMedia, join, uniqueRoomName } from '../src/meeting.ts'
import {
  openRecordings,
  play,
  recordingStatus,
  startRecording,
  stopRecording,
  videoState,
} from '../src/recording.ts'
import { expect, test } from '../src/test.ts'

for (const playback of ['S3', 'PROXY'] as const) {
  test.describe(`with playback by ${playback}`, () => {
    test.use({ playback })

    test('two people meet, one records, both see it, both play it, one deletes it for both', async ({
      browser,
      product,
    }) => {
      const roomName = uniqueRoomName()
      const alice = await join(browser, product.url, roomName, 'Alice')
      const bob = await join(browser, product.url, roomName, 'Bob')
      await expectMedia(alice)
      await expectMedia(bob)
      await expect(alice.getByText('Bob').first()).toBeVisible()
      await expect(bob.getByText('Alice').first()).toBeVisible()

      await startRecording(alice)
      await expect(recordingStatus(alice)).toBeVisible()
      await expect(recordingStatus(bob)).toBeVisible()
      const startedAt = Date.now()
      await expect(bob.getByText(/\b00:0[4-9]\b/).first()).toBeVisible()

      await stopRecording(bob)
      const recordedSeconds = (Date.now() - startedAt) / 1000
      await expect(recordingStatus(alice)).toBeHidden()

      const ofAlice = (await openRecordings(alice)).getByRole('listitem').filter({ hasText: roomName })
      const ofBob = (await openRecordings(bob)).getByRole('listitem').filter({ hasText: roomName })
      await expect(ofAlice.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
      await expect(ofBob.getByRole('button', { name: 'Play', exact: true })).toBeVisible()

      const video = await play(bob, ofBob)
      const { videoWidth, duration } = await videoState(video)
      expect(videoWidth).toBeGreaterThan(0)
      // From the click on stop to the end of the file, and from "Recording" to its beginning, passes a moment
      expect(Math.abs(duration - recordedSeconds)).toBeLessThan(3)

      await video.evaluate((element) => {
        if (element instanceof HTMLVideoElement) element.currentTime = element.duration / 2
      })
      await expect
        .poll(async () => (await videoState(video)).currentTime, {
          message: 'it plays on from where it was sought',
        })
        .toBeGreaterThan(duration / 2 + 0.2)
      await bob.keyboard.press('Escape')

      await ofAlice.getByRole('button', { name: 'Delete', exact: true }).click()
      await alice.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()
      await expect(ofAlice).toHaveCount(0)
      await expect(ofBob).toHaveCount(0)
    })
  })
}

test('whoever reloads in the middle of a recording sees that it runs, and since when', async ({
  browser,
  product,
}) => {
  const alice = await join(browser, product.url, uniqueRoomName(), 'Alice')
  await startRecording(alice)
  await expect(alice.getByText(/\b00:0[3-9]\b/).first()).toBeVisible()

  await alice.reload()
  const rejoin = alice.getByRole('button', { name: 'Join', exact: true })
  const leave = alice.getByRole('button', { name: 'Leave', exact: true })
  await expect(rejoin.or(leave)).toBeVisible()
  if (await rejoin.isVisible()) await rejoin.click()

  await expect(recordingStatus(alice)).toBeVisible()
  await expect(alice.getByRole('button', { name: 'Stop recording', exact: true })).toBeEnabled()
  // The time goes on, it does not begin anew
  await expect(alice.getByText(/\b00:(0[4-9]|[1-5]\d)\b/).first()).toBeVisible()
  await stopRecording(alice)
})

test('a name that is code is text everywhere, and is filtered exactly', async ({ browser, product }) => {
  for (const roomName of [
    `<img src=x onerror=alert(${Date.now()})>`,
    `.* ${Date.now()}`,
    `🎉 ${Date.now()} (1)`,
  ]) {
    const page = await join(browser, product.url, roomName, '<b>Eve</b>')
    page.on('dialog', (dialog) => {
      throw new Error(`the page ran what was a name: ${dialog.message()}`)
    })
    await expect(page.getByText('<b>Eve</b>').first()).toBeVisible()
    await startRecording(page)
    await expect(recordingStatus(page)).toBeVisible()
    await stopRecording(page)
    const items = (await openRecordings(page)).getByRole('listitem')
    await expect(items.getByRole('button', { name: 'Play', exact: true })).toHaveCount(1)
    await expect(items.filter({ hasText: roomName })).toHaveCount(1)
    await page.context().close()
  }
})
