import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { framesOf, happened, seesAndHears, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  const name = (what: string): string => `${what}-${dual ? 'dual' : 'single'}`

  it('a subscriber, and the API for it, choose what is received', async () => {
    const room = name('chosen')
    await meeting.join('alice', room, { dual, publish: true })
    const bob = await meeting.join('bob', room, { dual })
    const carol = await meeting.join('carol', room, { dual })
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    await bob.page.evaluate(() => globalThis.api.setSubscribed('alice', false))
    await happened(bob, 'unsubscribed alice camera')
    expect((await bob.received()).video).toEqual([])
    await bob.page.evaluate(() => globalThis.api.setSubscribed('alice', true))
    await eventually('bob sees alice again', () => seesAndHears(bob, 'alice'))
    const { tracks } = await meeting.server.rooms.getParticipant(room, 'alice')
    const sids = tracks.map(({ sid }) => sid)
    await meeting.server.rooms.updateSubscriptions(room, 'bob', sids, false)
    await eventually('bob gets nothing', async () => {
      const { audio, video } = await bob.received()
      return audio.length + video.length === 0
    })
    await meeting.server.rooms.updateSubscriptions(room, 'bob', sids, true)
    await eventually('bob sees alice once more', () => seesAndHears(bob, 'alice'))
    await eventually('carol sees alice', () => seesAndHears(carol, 'alice'))
    expect((await carol.events()).filter((event) => event.startsWith('unsubscribed'))).toEqual([])
  })

  it('who subscribes to nothing by itself gets what it asks for', async () => {
    const room = name('asked')
    await meeting.join('alice', room, { dual, publish: true })
    const bob = await meeting.join('bob', room, { dual, autoSubscribe: false })
    const carol = await meeting.join('carol', room, { dual, publish: true })
    await eventually('bob knows both', () =>
      bob.page.evaluate(() =>
        ['alice', 'carol'].every(
          (identity) => globalThis.api.room.remoteParticipants.get(identity)?.trackPublications.size === 2,
        ),
      ),
    )
    await bob.page.evaluate(() => globalThis.api.setSubscribed('carol', true))
    await eventually('bob sees carol', () => seesAndHears(bob, 'carol'))
    await eventually('carol sees alice', async () => (await framesOf(carol, 'alice')) > 0)
    expect((await bob.events()).filter((event) => event.startsWith('subscribed alice'))).toEqual([])
  })
})
