import { describe, expect, it } from 'vitest'
import { TrackType } from 'livekit-server-sdk'
import { eventually } from '../support/eventually.ts'
import { framesOf, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

describe('layers', () => {
  it('all simulcast layers are sent, and a subscriber gets the one it asks for', async () => {
    const alice = await meeting.join('alice', 'simulcast', { publish: true, hd: true })
    const bob = await meeting.join('bob', 'simulcast')
    const width = async (): Promise<number> => (await bob.received()).video[0]?.width ?? 0
    await eventually('three layers are sent', async () => {
      const layers = await alice.page.evaluate(() => globalThis.api.sentLayers())
      return layers.length === 3
    })
    await eventually('the largest arrives', async () => (await width()) === 1280)
    await bob.page.evaluate(() => globalThis.api.setQuality('alice', 0))
    await eventually('the smallest arrives', async () => (await width()) === 320)
    const frames = await framesOf(bob, 'alice')
    await bob.page.evaluate(() => globalThis.api.setQuality('alice', 2))
    await eventually('the largest arrives again', async () => (await width()) === 1280)
    expect(await eventually('and is decoded', async () => (await framesOf(bob, 'alice')) > frames + 10)).toBe(
      true,
    )
  })

  it('dynacast stops layers nobody watches and starts them again', async () => {
    const alice = await meeting.join('alice', 'dynacast', { publish: true, hd: true, dynacast: true })
    const active = (): Promise<boolean[]> => alice.page.evaluate(() => globalThis.api.activeLayers())
    await eventually('nothing is sent to nobody', async () => (await active()).every((layer) => !layer))
    const bob = await meeting.join('bob', 'dynacast')
    await eventually('all layers run', async () => (await active()).every(Boolean))
    await bob.page.evaluate(() => globalThis.api.setQuality('alice', 0))
    expect(
      await eventually('one layer runs', async () => (await active()).filter(Boolean).length === 1),
    ).toBe(true)
  })

  it.each(['vp9', 'h264', 'av1'] as const)('%s is published when asked for', async (codec) => {
    await meeting.join('alice', `codec-${codec}`, { publish: true, codec })
    const bob = await meeting.join('bob', `codec-${codec}`)
    await eventually('bob sees alice', async () => (await framesOf(bob, 'alice')) > 3)
    const track = await eventually('the API knows the track', async () => {
      const participants = await meeting.server.rooms.listParticipants(`codec-${codec}`)
      return participants
        .flatMap(({ tracks }) => tracks)
        .find(({ type, mimeType }) => type === TrackType.VIDEO && mimeType !== '')
    })
    expect(track.mimeType.toLowerCase()).toBe(`video/${codec}`)
  })
})
