import { afterAll, describe, expect, it } from 'vitest'
import { TrackSource } from 'livekit-server-sdk'
import { dispose } from '@livekit/rtc-node'
import { startBrowser, type TestPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { framesOf, happened, seesAndHears, seesNothingOf, useMeeting } from '../support/meeting.ts'
import { connectNative } from '../support/rtc-node.ts'

const meeting = useMeeting()

/** How well somebody is connected, as a page was told. */
function qualityOf(page: TestPage, identity: string): Promise<string | undefined> {
  return page.page.evaluate(
    (of) => globalThis.api.room.remoteParticipants.get(of)?.connectionQuality,
    identity,
  )
}

afterAll(() => dispose())

describe('the room', () => {
  it('tells who speaks and how well everybody is connected', async () => {
    const alice = await meeting.join('alice', 'speakers', { publish: true })
    await using tone = await connectNative(meeting.server.url, await meeting.server.token('tone', 'speakers'))
    await tone.publishAudio()
    await happened(alice, 'speakers tone')
    expect(await happened(alice, 'quality alice excellent')).toBe(true)
    expect(
      await eventually('so is the tone', async () => (await qualityOf(alice, 'tone')) === 'excellent'),
    ).toBe(true)
  })

  it('shows whose network is cut as lost', async () => {
    const bob = await meeting.join('bob', 'cut')
    await using elsewhere = await startBrowser()
    const alice = await elsewhere.open()
    const token = await meeting.server.token('alice', 'cut')
    await alice.join({ url: meeting.server.url, token, publish: true })
    await eventually('alice is well', async () => (await qualityOf(bob, 'alice')) === 'excellent')
    // Without reports livekit-server could not tell that they stop
    await eventually('alice is reported', async () => (await bob.received()).video[0]?.isReported)
    await elsewhere.suspend()
    try {
      expect(await eventually('alice is lost', async () => (await qualityOf(bob, 'alice')) === 'lost')).toBe(
        true,
      )
    } finally {
      await elsewhere.resume()
    }
  })

  it('shows that it is recorded while a recorder is in it', async () => {
    const alice = await meeting.join('alice', 'recording')
    const recorder = await meeting.join('EG_recorder', 'recording', {
      grant: { hidden: true, recorder: true, canPublish: false, canPublishData: false },
    })
    await happened(alice, 'recording true')
    const [room] = await meeting.server.rooms.listRooms(['recording'])
    expect(room).toMatchObject({ activeRecording: true, numParticipants: 1 })
    await recorder.page.evaluate(() => globalThis.api.room.disconnect())
    await happened(alice, 'recording false')
    expect(await alice.events()).not.toContain('joined EG_recorder')
  })

  it('lets the newer of two with the same identity stay', async () => {
    const first = await meeting.join('alice', 'duplicate')
    await meeting.join('alice', 'duplicate')
    await happened(first, 'disconnected DUPLICATE_IDENTITY')
    expect(await meeting.server.rooms.listParticipants('duplicate')).toHaveLength(1)
  })

  it('shows metadata changed by the API, removes people, mutes their tracks and ends', async () => {
    const alice = await meeting.join('alice', 'managed', { publish: true })
    const bob = await meeting.join('bob', 'managed')
    await meeting.server.rooms.updateRoomMetadata('managed', '{"recordingStatus":"STARTED"}')
    await happened(alice, 'metadata {"recordingStatus":"STARTED"}')
    const participant = await meeting.server.rooms.getParticipant('managed', 'alice')
    const microphone = participant.tracks.find((track) => track.source === TrackSource.MICROPHONE)
    await meeting.server.rooms.mutePublishedTrack('managed', 'alice', microphone?.sid ?? '', true)
    await happened(bob, 'muted alice microphone')
    await happened(alice, 'muted alice microphone')
    await expect(
      meeting.server.rooms.mutePublishedTrack('managed', 'alice', microphone?.sid ?? '', false),
    ).rejects.toMatchObject({ status: 412 })
    await meeting.server.rooms.removeParticipant('managed', 'bob')
    await happened(bob, 'disconnected PARTICIPANT_REMOVED')
    await meeting.server.rooms.deleteRoom('managed')
    await happened(alice, 'disconnected ROOM_DELETED')
  })

  it('sends on nothing of a track that is muted, whatever its publisher does', async () => {
    const alice = await meeting.join('alice', 'deaf', { publish: true })
    const bob = await meeting.join('bob', 'deaf')
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    // Told to be silent it goes on sending, and does not answer that it is not silent
    await alice.page.evaluate(() => {
      for (const method of ['onRemoteMuteChanged', 'sendMuteTrack'])
        Reflect.set(globalThis.api.room.engine.client, method, () => undefined)
    })
    const { tracks } = await meeting.server.rooms.getParticipant('deaf', 'alice')
    const camera = tracks.find((track) => track.source === TrackSource.CAMERA)?.sid ?? ''
    await meeting.server.rooms.mutePublishedTrack('deaf', 'alice', camera, true)
    await happened(bob, 'muted alice camera')
    await eventually('no picture comes', () => seesNothingOf(bob, 'alice'))
    const before = await framesOf(bob, 'alice')
    await alice.page.evaluate((sid) => {
      const { client } = globalThis.api.room.engine
      Reflect.deleteProperty(client, 'sendMuteTrack')
      return client.sendMuteTrack(sid, false)
    }, camera)
    await happened(bob, 'unmuted alice camera')
    await eventually('pictures come again', async () => (await framesOf(bob, 'alice')) > before + 5)
    // What was held back does not look like packets that were lost
    const { video } = await bob.received()
    expect(video[0]?.packetsLost).toBeLessThan(10)
  })

  it('notices that a page is gone without a word', async () => {
    const alice = await meeting.join('alice', 'vanished')
    const bob = await meeting.join('bob', 'vanished', { publish: true })
    await happened(alice, 'joined bob')
    await bob.page.goto('about:blank')
    await happened(alice, 'left bob')
    expect(await meeting.server.rooms.listParticipants('vanished')).toHaveLength(1)
  })

  it('refuses more than it has room for, but not a recorder', async () => {
    await meeting.server.rooms.createRoom({ name: 'small', maxParticipants: 1 })
    await meeting.join('alice', 'small')
    await expect(meeting.join('bob', 'small')).rejects.toThrow(
      'could not establish signal connection: Encountered websocket error during connection establishment',
    )
    expect(await meeting.server.rooms.listParticipants('small')).toHaveLength(1)
    const recorder = { hidden: true, recorder: true, canPublish: false, canPublishData: false }
    await meeting.join('EG_recorder', 'small', { grant: recorder })
    const participants = await meeting.server.rooms.listParticipants('small')
    expect(participants.map(({ identity }) => identity).toSorted()).toEqual(['EG_recorder', 'alice'])
    const [room] = await meeting.server.rooms.listRooms(['small'])
    expect(room?.numParticipants).toBe(1)
  })
})
