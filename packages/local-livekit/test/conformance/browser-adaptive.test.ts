import { describe, expect, it } from 'vitest'
import type { TestPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { framesOf, seesNothingOf, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

function show(page: TestPage, width: number): Promise<void> {
  return page.page.evaluate((value) => globalThis.api.show('alice', value), width)
}

async function widthOf(page: TestPage): Promise<number> {
  const { video } = await page.received()
  return video.find(({ identity }) => identity === 'alice')?.width ?? 0
}

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  it('a picture comes as large as it is shown, and not at all while it is hidden', async () => {
    const room = `adaptive-${dual ? 'dual' : 'single'}`
    const joining = { dual, dynacast: true, adaptiveStream: true }
    await meeting.join('alice', room, { ...joining, publish: true, hd: true })
    const bob = await meeting.join('bob', room, joining)
    await eventually('bob knows the track', async () =>
      (await bob.events()).includes('subscribed alice camera'),
    )
    await show(bob, 1280)
    await eventually('the largest layer arrives', async () => (await widthOf(bob)) === 1280)
    await show(bob, 200)
    await eventually('the smallest layer arrives', async () => (await widthOf(bob)) === 320)
    await show(bob, 0)
    await eventually('nothing arrives', () => seesNothingOf(bob, 'alice'))
    const before = await framesOf(bob, 'alice')
    await show(bob, 1280)
    await eventually('frames come again', async () => (await framesOf(bob, 'alice')) > before + 5)
    await eventually('the largest layer comes again', async () => (await widthOf(bob)) === 1280)
    // What was held back does not look like packets that were lost
    const { video } = await bob.received()
    expect(video[0]?.packetsLost).toBeLessThan(10)
  })
})

/** Sizes asked for, and the width of what is sent: of 320x180, 640x360 and 1280x720. */
const SIZES: [width: number, height: number, sent: number][] = [
  [160, 90, 320],
  // A tenth more than a layer has is not worth the next one
  [355, 202, 640],
  [352, 198, 320],
  [711, 400, 640],
  [720, 405, 1280],
  // Only heights count
  [180, 320, 640],
  [1280, 180, 320],
]

it('the layer that is sent has about the height that is asked for', async () => {
  await meeting.join('alice', 'sizes', { publish: true, hd: true })
  const bob = await meeting.join('bob', 'sizes')
  await eventually('the largest layer arrives', async () => (await widthOf(bob)) === 1280)
  for (const [width, height, sent] of SIZES) {
    await bob.page.evaluate(([w = 0, h = 0]) => globalThis.api.setDimensions('alice', w, h), [width, height])
    // Each differs from the one before
    expect(
      await eventually(`${sent} for ${width}x${height}`, async () => (await widthOf(bob)) === sent),
    ).toBe(true)
  }
})
