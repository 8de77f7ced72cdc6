import { type Browser, expect } from '@playwright/test'
import { expectMedia, join, uniqueRoomName } from './meeting.ts'
import {
  openRecordings,
  play,
  recordedSeconds,
  recordingStatus,
  startRecording,
  stopRecording,
  videoState,
} from './recording.ts'

/** Two people meet, one records, both see it, both can play it, one deletes it for both. */
export async function wholeMeeting(browser: Browser, url: string): Promise<void> {
  const roomName = uniqueRoomName()
  const alice = await join(browser, url, roomName, 'Alice')
  const bob = await join(browser, url, roomName, 'Bob')
  await expectMedia(alice)
  await expectMedia(bob)
  await expect(alice.getByText('Bob').first()).toBeVisible()
  await expect(bob.getByText('Alice').first()).toBeVisible()

  await startRecording(alice)
  await expect(recordingStatus(alice)).toBeVisible()
  await expect(recordingStatus(bob)).toBeVisible()
  await expect.poll(() => recordedSeconds(bob), { message: 'the time runs' }).toBeGreaterThan(4)

  const before = await recordedSeconds(bob)
  const clickedAt = Date.now()
  await stopRecording(bob)
  const after = before + (Date.now() - clickedAt) / 1000
  await expect(recordingStatus(alice)).toBeHidden()

  const ofAlice = (await openRecordings(alice)).getByRole('listitem').filter({ hasText: roomName })
  const ofBob = (await openRecordings(bob)).getByRole('listitem').filter({ hasText: roomName })
  await expect(ofAlice.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect(ofBob.getByRole('button', { name: 'Play', exact: true })).toBeVisible()

  const video = await play(bob, ofBob)
  const { videoWidth, duration } = await videoState(video)
  expect(videoWidth).toBeGreaterThan(0)
  expect(duration).toBeGreaterThan(before - 1)
  expect(duration).toBeLessThan(after + 1)

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
}
