import { join, uniqueRoomName } from '../src/meeting.ts'
import {
  openRecordings,
  recordedSeconds,
  recordingStatus,
  startRecording,
  stopRecording,
} from '../src/recording.ts'
import { expect, test } from '../src/test.ts'
import { wholeMeeting } from '../src/whole-meeting.ts'

test('two people meet, record, play and delete, with presigned URLs', async ({ browser, product }) => {
  await wholeMeeting(browser, product.url)
})

test('whoever reloads in the middle of a recording sees that it runs, and since when', async ({
  browser,
  product,
}) => {
  const alice = await join(browser, product.url, uniqueRoomName(), 'Alice')
  await startRecording(alice)
  await expect.poll(() => recordedSeconds(alice)).toBeGreaterThan(2)
  const before = await recordedSeconds(alice)

  await alice.reload()
  const rejoin = alice.getByRole('button', { name: 'Join', exact: true })
  const leave = alice.getByRole('button', { name: 'Leave', exact: true })
  await expect(rejoin.or(leave)).toBeVisible()
  if (await rejoin.isVisible()) await rejoin.click()

  await expect(recordingStatus(alice)).toBeVisible()
  await expect(alice.getByRole('button', { name: 'Stop recording', exact: true })).toBeEnabled()
  // The time goes on, it does not begin anew
  expect(await recordedSeconds(alice)).toBeGreaterThanOrEqual(before)
  await stopRecording(alice)
})

test('a name that is code is text everywhere, and is filtered exactly', async ({ browser, product }) => {
  for (const roomName of [
    `<img src=x onerror=alert(${Date.now()})>`,
    `.* ${Date.now()}`,
    `🎉 ${Date.now()} (1)`,
  ]) {
    const page = await join(browser, product.url, roomName, '<b onclick=alert(1)>Eve')
    page.on('dialog', (dialog) => {
      throw new Error(`the page ran what was a name: ${dialog.message()}`)
    })
    await expect(page.getByText('<b onclick=alert(1)>Eve').first()).toBeVisible()
    await startRecording(page)
    await expect(recordingStatus(page)).toBeVisible()
    await stopRecording(page)
    const items = (await openRecordings(page)).getByRole('listitem')
    await expect(items.getByRole('button', { name: 'Play', exact: true })).toHaveCount(1)
    await expect(items.filter({ hasText: roomName })).toHaveCount(1)
    await page.context().close()
  }
})
