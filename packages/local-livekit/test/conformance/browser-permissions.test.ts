import { describe, expect, it } from 'vitest'
import type { TestPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { dataOf, dataReach, framesOf, happened, seesAndHears, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

describe('permissions', () => {
  it('who may not subscribe gets nothing until the permission changes', async () => {
    await meeting.join('alice', 'no-subscribe', { publish: true })
    const bob = await meeting.join('bob', 'no-subscribe', { grant: { canSubscribe: false } })
    await eventually('bob knows the track', () =>
      bob.page.evaluate(
        () => globalThis.api.room.remoteParticipants.get('alice')?.trackPublications.size === 2,
      ),
    )
    // Bob's own message comes back after all that the server had to say about tracks
    await meeting.server.rooms.updateRoomMetadata('no-subscribe', 'later')
    await happened(bob, 'metadata later')
    expect((await bob.received()).video).toEqual([])
    await meeting.server.rooms.updateParticipant('no-subscribe', 'bob', {
      permission: { canSubscribe: true, canPublish: true, canPublishData: true },
    })
    await happened(bob, 'permissions changed')
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
  })

  it('who may no longer subscribe gets nothing until that changes', async () => {
    await meeting.join('alice', 'unsubscribed', { publish: true })
    const bob = await meeting.join('bob', 'unsubscribed')
    const carol = await meeting.join('carol', 'unsubscribed')
    await eventually('both see alice', async () =>
      (await Promise.all([bob, carol].map((page) => seesAndHears(page, 'alice')))).every(Boolean),
    )
    const may = { canPublish: true, canPublishData: true }
    const { rooms } = meeting.server
    await rooms.updateParticipant('unsubscribed', 'bob', { permission: may })
    await happened(bob, 'unsubscribed alice camera')
    await happened(bob, 'unsubscribed alice microphone')
    const known = await bob.page.evaluate(
      () => globalThis.api.room.remoteParticipants.get('alice')?.trackPublications.size,
    )
    expect(known).toBe(2)
    expect((await bob.received()).video).toEqual([])
    expect(await carol.events()).not.toContain('unsubscribed alice camera')
    await rooms.updateParticipant('unsubscribed', 'bob', { permission: { ...may, canSubscribe: true } })
    await eventually('bob sees alice again', () => seesAndHears(bob, 'alice'))
  })

  it('who may no longer publish is seen no more', async () => {
    const alice = await meeting.join('alice', 'unpublished', { publish: true })
    const bob = await meeting.join('bob', 'unpublished')
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    const { rooms } = meeting.server
    await rooms.updateParticipant('unpublished', 'alice', { permission: { canSubscribe: true } })
    await happened(bob, 'unsubscribed alice camera')
    await happened(bob, 'unsubscribed alice microphone')
    await happened(alice, 'permissions changed')
    const permission = { canSubscribe: true, canPublish: true }
    await rooms.updateParticipant('unpublished', 'alice', { permission })
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setCameraEnabled(false)
      await globalThis.api.room.localParticipant.setCameraEnabled(true)
    })
    await eventually('bob sees alice again', async () => (await framesOf(bob, 'alice')) > 5)
    expect((await bob.received()).audio).toEqual([])
  })

  it('a publisher chooses who may subscribe', async () => {
    const alice = await meeting.join('alice', 'chosen', { publish: true })
    const bob = await meeting.join('bob', 'chosen')
    const carol = await meeting.join('carol', 'chosen')
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    await alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.setTrackSubscriptionPermissions(false, [
        { participantIdentity: 'carol', allowAll: true },
      ]),
    )
    await happened(bob, 'subscription camera not_allowed')
    expect(await carol.events()).not.toContain('subscription camera not_allowed')
    await alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.setTrackSubscriptionPermissions(true),
    )
    await happened(bob, 'subscription camera allowed')
    await eventually('bob sees alice again', async () => (await framesOf(bob, 'alice')) > 0)
  })

  it('who may not send data is not heard', async () => {
    const alice = await meeting.join('alice', 'no-data', { grant: { canPublishData: false } })
    const carol = await meeting.join('carol', 'no-data')
    const bob = await meeting.join('bob', 'no-data')
    await dataReach(carol, bob)
    await alice.page
      .evaluate(() => globalThis.api.send('silence', { topic: 'x', reliable: true }))
      .catch(() => undefined)
    await carol.page.evaluate(() => globalThis.api.send('hello', { topic: 'x', reliable: true }))
    await eventually('bob hears carol', async () => (await dataOf(bob)).length > 0)
    expect((await dataOf(bob)).map((entry) => entry.from)).toEqual(['carol'])
  })

  it('hidden participants are seen by the API alone', async () => {
    const alice = await meeting.join('alice', 'hidden', { publish: true })
    const ghost = await meeting.join('ghost', 'hidden', { grant: { hidden: true, canPublish: false } })
    await meeting.join('bob', 'hidden')
    await happened(alice, 'joined bob')
    expect(await alice.events()).not.toContain('joined ghost')
    await eventually('the ghost sees alice', () => seesAndHears(ghost, 'alice'))
    const identities = (await meeting.server.rooms.listParticipants('hidden')).map(
      (participant) => participant.identity,
    )
    expect(identities.toSorted()).toEqual(['alice', 'bob', 'ghost'])
  })

  it('nobody changes the own metadata without permission', async () => {
    const rename = (page: TestPage): Promise<string> =>
      page.page.evaluate(() =>
        globalThis.api.room.localParticipant.setName('new name').then(
          () => 'renamed',
          (error: unknown) => String(error),
        ),
      )
    const alice = await meeting.join('alice', 'rename')
    expect(await rename(alice)).not.toBe('renamed')
    const bob = await meeting.join('bob', 'rename', { grant: { canUpdateOwnMetadata: true } })
    expect(await rename(bob)).toBe('renamed')
    expect((await meeting.server.rooms.getParticipant('rename', 'bob')).name).toBe('new name')
  })

  it('nobody gives the own participant more than the limits', async () => {
    const alice = await meeting.join('alice', 'too-large', { grant: { canUpdateOwnMetadata: true } })
    const refusals = await alice.page.evaluate(async () => {
      const { localParticipant } = globalThis.api.room
      const outcome = (change: Promise<void>): Promise<string> =>
        change.then(
          () => 'changed',
          (error: unknown) => (error instanceof Error ? error.message : ''),
        )
      return {
        name: await outcome(localParticipant.setName('x'.repeat(257))),
        metadata: await outcome(localParticipant.setMetadata('x'.repeat(512 * 1024 + 1))),
        attributes: await outcome(localParticipant.setAttributes({ key: 'x'.repeat(64 * 1024) })),
        largestName: await outcome(localParticipant.setName('x'.repeat(256))),
      }
    })
    expect(refusals).toEqual({
      name: 'exceeds name length limit',
      metadata: 'exceeds metadata size limit',
      attributes: 'exceeds attributes size limit',
      largestName: 'changed',
    })
    const { metadata, attributes } = await meeting.server.rooms.getParticipant('too-large', 'alice')
    expect({ metadata, attributes }).toEqual({ metadata: '', attributes: {} })
  })
})
