import { expect, type Locator, type Page } from '@playwright/test'

/** The recording's state as the room shows it to everybody. */
export function recordingStatus(page: Page): Locator {
  return page.getByRole('status').filter({ hasText: 'Recording' })
}

/** What the timer of the running recording shows, in seconds; 0 while there is none. */
export async function recordedSeconds(page: Page): Promise<number> {
  const timer = page.getByRole('timer')
  if (!(await timer.isVisible())) return 0
  const parts = ((await timer.textContent()) ?? '').split(':').map(Number)
  return parts.reduce((seconds, part) => seconds * 60 + part, 0)
}

export async function startRecording(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start recording', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Stop recording', exact: true })).toBeVisible()
}

/** Stops, and waits until the room can be recorded again. */
export async function stopRecording(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop recording', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Start recording', exact: true })).toBeEnabled()
}

/** This meeting's recordings: opens the panel when it is closed. */
export async function openRecordings(page: Page): Promise<Locator> {
  const list = page.getByRole('list', { name: 'Recordings', exact: true })
  if (!(await list.isVisible())) await page.getByRole('button', { name: 'Recordings', exact: true }).click()
  return list
}

/** What a `<video>` says of itself. */
export function videoState(
  video: Locator,
): Promise<{ currentTime: number; duration: number; videoWidth: number }> {
  return video.evaluate((element) => {
    if (!(element instanceof HTMLVideoElement)) throw new Error('no video')
    return { currentTime: element.currentTime, duration: element.duration, videoWidth: element.videoWidth }
  })
}

/** Opens the player from a list item, and waits until the picture moves. */
export async function play(page: Page, item: Locator): Promise<Locator> {
  await item.getByRole('button', { name: 'Play', exact: true }).click()
  const video = page.getByRole('dialog').locator('video')
  await expect(video).toBeVisible()
  await expect
    .poll(async () => (await videoState(video)).currentTime, { message: 'it plays' })
    .toBeGreaterThan(0.3)
  return video
}

/** Records a meeting of one for some seconds, from an empty room to a recording that can be played. */
export async function recordSeconds(page: Page, seconds: number): Promise<void> {
  await startRecording(page)
  await expect.poll(() => recordedSeconds(page), { message: 'the time runs' }).toBeGreaterThanOrEqual(seconds)
  await stopRecording(page)
}
