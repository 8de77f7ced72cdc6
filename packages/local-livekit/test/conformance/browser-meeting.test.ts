import { describe, expect, it } from 'vitest'
import { DataPacket_Kind } from 'livekit-server-sdk'
import { eventually } from '../support/eventually.ts'
import { dataOf, dataReach, framesOf, happened, seesAndHears, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  const name = (what: string): string => `${what}-${dual ? 'dual' : 'single'}`

  it('two people see and hear each other', async () => {
    const alice = await meeting.join('alice', name('meeting'), { dual, publish: true })
    const bob = await meeting.join('bob', name('meeting'), { dual, publish: true })
    await eventually('alice sees and hears bob', () => seesAndHears(alice, 'bob'))
    await eventually('bob sees and hears alice', () => seesAndHears(bob, 'alice'))
    expect(await alice.events()).toContain('joined bob')
    const mode = await alice.page.evaluate(() => globalThis.api.room.engine.pcManager?.mode)
    expect(mode).toBe(dual ? 'subscriber-primary' : 'publisher-only')
    await bob.page.evaluate(() => globalThis.api.room.disconnect())
    await happened(alice, 'left bob')
  })

  it('muting is seen by others, and media flow again afterwards', async () => {
    const alice = await meeting.join('alice', name('mute'), { dual, publish: true })
    const bob = await meeting.join('bob', name('mute'), { dual })
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    await alice.page.evaluate(() => globalThis.api.room.localParticipant.setCameraEnabled(false))
    await happened(bob, 'muted alice camera')
    const before = await framesOf(bob, 'alice')
    await alice.page.evaluate(() => globalThis.api.room.localParticipant.setCameraEnabled(true))
    await happened(bob, 'unmuted alice camera')
    expect(
      await eventually('frames come again', async () => (await framesOf(bob, 'alice')) > before + 5),
    ).toBe(true)
  })

  it('a screen is shared beside the camera, and stops', async () => {
    const alice = await meeting.join('alice', name('screen'), { dual, publish: true })
    const bob = await meeting.join('bob', name('screen'), { dual })
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setScreenShareEnabled(true)
    })
    await eventually('bob sees the screen', async () => (await framesOf(bob, 'alice', 'screen_share')) > 0)
    await eventually('bob sees the camera, too', async () => (await framesOf(bob, 'alice')) > 0)
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setScreenShareEnabled(false)
    })
    await happened(bob, 'unsubscribed alice screen_share')
    expect(await framesOf(bob, 'alice', 'screen_share')).toBe(0)
  })

  it('data reach whom they are meant for, reliably and lossily, under their topic', async () => {
    const alice = await meeting.join('alice', name('data'), { dual })
    const bob = await meeting.join('bob', name('data'), { dual })
    const carol = await meeting.join('carol', name('data'), { dual })
    await dataReach(alice, bob, carol)
    await alice.page.evaluate(async () => {
      await globalThis.api.send('to all', { topic: 'chat', reliable: true })
      await globalThis.api.send('to bob', { topic: 'secret', reliable: true, to: ['bob'] })
      await globalThis.api.send('quick', { topic: 'cursor', reliable: false })
    })
    await meeting.server.rooms.sendData(
      name('data'),
      new TextEncoder().encode('from the server'),
      DataPacket_Kind.RELIABLE,
      {
        topic: 'RECORDING_DELETED',
      },
    )
    await eventually('bob has it all', async () => (await dataOf(bob)).length === 4)
    await eventually('carol has the rest', async () => (await dataOf(carol)).length === 3)
    await eventually('alice has the server message', async () => (await dataOf(alice)).length === 1)
    expect(await dataOf(bob)).toEqual(
      expect.arrayContaining([
        { topic: 'chat', text: 'to all', from: 'alice' },
        { topic: 'secret', text: 'to bob', from: 'alice' },
        { topic: 'cursor', text: 'quick', from: 'alice' },
        { topic: 'RECORDING_DELETED', text: 'from the server', from: '' },
      ]),
    )
    expect(await dataOf(carol)).not.toContainEqual(expect.objectContaining({ topic: 'secret' }))
  })

  it('text streams and remote procedure calls pass through', async () => {
    const alice = await meeting.join('alice', name('streams'), { dual })
    const bob = await meeting.join('bob', name('streams'), { dual })
    await bob.page.evaluate(() => {
      globalThis.api.room.registerRpcMethod('add', ({ payload, callerIdentity }) =>
        Promise.resolve(`${callerIdentity} ${payload}`),
      )
      globalThis.api.room.registerTextStreamHandler('notes', (reader) => {
        void reader.readAll().then((text) => globalThis.api.events.push(`text ${text.length}`))
      })
    })
    await happened(alice, 'joined bob')
    await dataReach(alice, bob)
    await dataReach(bob, alice)
    const answer = await alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.performRpc({
        destinationIdentity: 'bob',
        method: 'add',
        payload: '1',
      }),
    )
    expect(answer).toBe('alice 1')
    await alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.sendText('x'.repeat(200_000), { topic: 'notes' }),
    )
    await happened(bob, 'text 200000')
  })

  it('a lost WebSocket is resumed with the same sid, unseen by others', async () => {
    const alice = await meeting.join('alice', name('resume'), { dual, publish: true })
    const bob = await meeting.join('bob', name('resume'), { dual, publish: true })
    await eventually('alice sees bob', () => seesAndHears(alice, 'bob'))
    const sid = await alice.page.evaluate(() => globalThis.api.room.localParticipant.sid)
    await alice.page.evaluate(() => globalThis.api.cutSignal())
    await happened(alice, 'reconnected')
    expect(await alice.page.evaluate(() => globalThis.api.room.localParticipant.sid)).toBe(sid)
    const before = await framesOf(alice, 'bob')
    const beforeAtBob = await framesOf(bob, 'alice')
    await eventually('frames go on', async () => (await framesOf(alice, 'bob')) > before + 5)
    await eventually('frames go on for bob', async () => (await framesOf(bob, 'alice')) > beforeAtBob + 5)
    expect((await bob.events()).filter((event) => event.startsWith('left'))).toEqual([])
    // A new participant is negotiated after the resume
    await meeting.join('carol', name('resume'), { dual, publish: true })
    await eventually('alice sees carol', () => seesAndHears(alice, 'carol'))
  })

  it('people who come and go many times get their tracks', async () => {
    const alice = await meeting.join('alice', name('many'), { dual, publish: true })
    for (const identity of ['bob', 'carol', 'dave', 'erin']) {
      const page = await meeting.join(identity, name('many'), { dual, publish: true })
      await eventually(`alice sees ${identity}`, () => seesAndHears(alice, identity))
      await eventually(`${identity} sees alice`, () => seesAndHears(page, 'alice'))
      if (identity === 'bob' || identity === 'carol')
        await page.page.evaluate(() => globalThis.api.room.disconnect())
    }
    expect((await alice.received()).video.map((entry) => entry.identity).toSorted()).toEqual(['dave', 'erin'])
  })
})
