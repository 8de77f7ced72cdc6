import { Encryption_Type } from '@livekit/protocol'
import { DataPacket_Kind } from 'livekit-server-sdk'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { dataOf, dataReach, framesOf, seesAndHears, seesNothingOf, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

it('media and data that are encrypted from end to end pass, for who has the key', async () => {
  const alice = await meeting.join('alice', 'encrypted', { publish: true, passphrase: 'one' })
  const bob = await meeting.join('bob', 'encrypted', { publish: true, passphrase: 'one' })
  const eve = await meeting.join('eve', 'encrypted', { passphrase: 'another' })
  await eventually('bob sees and hears alice', () => seesAndHears(bob, 'alice'))
  await eventually('alice sees and hears bob', () => seesAndHears(alice, 'bob'))
  await eventually('eve gets packets', async () => {
    const { audio } = await eve.received()
    return audio.some(({ identity, packetsReceived }) => identity === 'alice' && packetsReceived > 0)
  })
  expect(await seesNothingOf(eve, 'alice')).toBe(true)
  expect(await framesOf(eve, 'alice')).toBe(0)
  await dataReach(alice, bob)
  await alice.page.evaluate(() => globalThis.api.send('hidden', { topic: 'secret', reliable: true }))
  await eventually('bob reads it', async () => (await dataOf(bob)).length > 0)
  expect(await dataOf(bob)).toEqual([{ topic: 'secret', text: 'hidden', from: 'alice' }])
  // The server has no key, and what it sends comes after
  const plain = new TextEncoder().encode('plain')
  await meeting.server.rooms.sendData('encrypted', plain, DataPacket_Kind.RELIABLE, { topic: 'later' })
  await eventually('eve has what comes later', async () => (await dataOf(eve)).length > 0)
  expect(await dataOf(eve)).toEqual([{ topic: 'later', text: 'plain', from: '' }])
  const { tracks } = await meeting.server.rooms.getParticipant('encrypted', 'alice')
  expect(tracks.map(({ encryption }) => encryption)).toEqual([Encryption_Type.GCM, Encryption_Type.GCM])
})
