import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DataPacket_Kind, TrackSource } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { TrackType, type VideoGrant } from 'livekit-server-sdk'
import type { JoinOptions } from './browser-page/page.ts'
import { startBrowser, type TestBrowser, type TestPage } from './support/browser.ts'
import { connectNative } from './support/rtc-node.ts'
import { eventually } from './support/eventually.ts'
import { startServer, type TestServer } from './support/server.ts'

let server: TestServer
let browser: TestBrowser
const pages: TestPage[] = []

beforeAll(async () => {
  server = await startServer()
  browser = await startBrowser()
})
afterEach(async () => {
  for (const { page } of pages.splice(0)) await page.context().close()
})
afterAll(async () => {
  await browser[Symbol.asyncDispose]()
  await dispose()
  await server.close()
})

interface Joining extends Partial<JoinOptions> {
  grant?: VideoGrant
}

async function joinPage(
  identity: string,
  room: string,
  { grant, ...options }: Joining = {},
): Promise<TestPage> {
  const page = await browser.open()
  pages.push(page)
  await page.join({
    url: server.url,
    token: await server.token(identity, room, grant),
    publish: false,
    ...options,
  })
  return page
}

async function framesOf(page: TestPage, identity: string, source = 'camera'): Promise<number> {
  const { video } = await page.received()
  return video.find((entry) => entry.identity === identity && entry.source === source)?.framesDecoded ?? 0
}

async function seesAndHears(page: TestPage, identity: string): Promise<boolean> {
  const { audio } = await page.received()
  const hears = audio.some((entry) => entry.identity === identity && entry.energy > 0)
  return hears && (await framesOf(page, identity)) > 5
}

async function happened(page: TestPage, event: string): Promise<void> {
  await eventually(`event "${event}"`, async () => (await page.events()).includes(event))
}

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  const name = (what: string): string => `${what}-${dual ? 'dual' : 'single'}`

  it('two people see and hear each other', async () => {
    const alice = await joinPage('alice', name('meeting'), { dual, publish: true })
    const bob = await joinPage('bob', name('meeting'), { dual, publish: true })
    await eventually('alice sees and hears bob', () => seesAndHears(alice, 'bob'))
    await eventually('bob sees and hears alice', () => seesAndHears(bob, 'alice'))
    expect(await alice.events()).toContain('joined bob')
    const mode = await alice.page.evaluate(() => globalThis.api.room.engine.pcManager?.mode)
    expect(mode).toBe(dual ? 'subscriber-primary' : 'publisher-only')
    await bob.page.evaluate(() => globalThis.api.room.disconnect())
    await happened(alice, 'left bob')
  })

  it('muting is seen by others, and media flow again afterwards', async () => {
    const alice = await joinPage('alice', name('mute'), { dual, publish: true })
    const bob = await joinPage('bob', name('mute'), { dual })
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    await alice.page.evaluate(() => globalThis.api.room.localParticipant.setCameraEnabled(false))
    await happened(bob, 'muted alice camera')
    const before = await framesOf(bob, 'alice')
    await alice.page.evaluate(() => globalThis.api.room.localParticipant.setCameraEnabled(true))
    await happened(bob, 'unmuted alice camera')
    await eventually('frames come again', async () => (await framesOf(bob, 'alice')) > before + 5)
  })

  it('a screen is shared beside the camera, and stops', async () => {
    const alice = await joinPage('alice', name('screen'), { dual, publish: true })
    const bob = await joinPage('bob', name('screen'), { dual })
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setScreenShareEnabled(true)
    })
    await eventually('bob sees the screen', async () => (await framesOf(bob, 'alice', 'screen_share')) > 0)
    expect(await framesOf(bob, 'alice')).toBeGreaterThan(0)
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setScreenShareEnabled(false)
    })
    await happened(bob, 'unsubscribed alice screen_share')
  })

  it('data reach whom they are meant for, reliably and lossily, under their topic', async () => {
    const alice = await joinPage('alice', name('data'), { dual })
    const bob = await joinPage('bob', name('data'), { dual })
    const carol = await joinPage('carol', name('data'), { dual })
    await alice.page.evaluate(async () => {
      await globalThis.api.send('to all', { topic: 'chat', reliable: true })
      await globalThis.api.send('to bob', { topic: 'secret', reliable: true, to: ['bob'] })
      await globalThis.api.send('quick', { topic: 'cursor', reliable: false })
    })
    await server.rooms.sendData(
      name('data'),
      new TextEncoder().encode('from the server'),
      DataPacket_Kind.RELIABLE,
      {
        topic: 'RECORDING_DELETED',
      },
    )
    const dataOf = (page: TestPage): Promise<unknown[]> => page.page.evaluate(() => globalThis.api.data)
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
    const alice = await joinPage('alice', name('streams'), { dual })
    const bob = await joinPage('bob', name('streams'), { dual })
    await bob.page.evaluate(() => {
      globalThis.api.room.registerRpcMethod('add', ({ payload, callerIdentity }) =>
        Promise.resolve(`${callerIdentity} ${payload}`),
      )
      globalThis.api.room.registerTextStreamHandler('notes', (reader) => {
        void reader.readAll().then((text) => globalThis.api.events.push(`text ${text.length}`))
      })
    })
    await happened(alice, 'joined bob')
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
    const alice = await joinPage('alice', name('resume'), { dual, publish: true })
    const bob = await joinPage('bob', name('resume'), { dual, publish: true })
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
    await joinPage('carol', name('resume'), { dual, publish: true })
    await eventually('alice sees carol', () => seesAndHears(alice, 'carol'))
  })

  it('a full reconnect takes a new session and media flow again', async () => {
    const alice = await joinPage('alice', name('restart'), { dual, publish: true })
    const bob = await joinPage('bob', name('restart'), { dual, publish: true })
    await eventually('alice sees bob', () => seesAndHears(alice, 'bob'))
    await alice.page.evaluate(() => globalThis.api.room.simulateScenario('full-reconnect'))
    await happened(alice, 'reconnected')
    await eventually('alice sees bob again', () => seesAndHears(alice, 'bob'))
    await eventually('bob sees alice again', () => seesAndHears(bob, 'alice'))
  })

  it('people who come and go many times get their tracks', async () => {
    const alice = await joinPage('alice', name('many'), { dual, publish: true })
    for (const identity of ['bob', 'carol', 'dave', 'erin']) {
      const page = await joinPage(identity, name('many'), { dual, publish: true })
      await eventually(`alice sees ${identity}`, () => seesAndHears(alice, identity))
      await eventually(`${identity} sees alice`, () => seesAndHears(page, 'alice'))
      if (identity === 'bob' || identity === 'carol')
        await page.page.evaluate(() => globalThis.api.room.disconnect())
    }
  })
})

describe('layers', () => {
  it('all simulcast layers are sent, and a subscriber gets the one it asks for', async () => {
    const alice = await joinPage('alice', 'simulcast', { publish: true })
    const bob = await joinPage('bob', 'simulcast')
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
    await eventually('and is decoded', async () => (await framesOf(bob, 'alice')) > frames + 10)
  })

  it('dynacast stops layers nobody watches and starts them again', async () => {
    const alice = await joinPage('alice', 'dynacast', { publish: true, dynacast: true })
    const active = (): Promise<boolean[]> => alice.page.evaluate(() => globalThis.api.activeLayers())
    await eventually('nothing is sent to nobody', async () => (await active()).every((layer) => !layer))
    const bob = await joinPage('bob', 'dynacast')
    await eventually('all layers run', async () => (await active()).every(Boolean))
    await bob.page.evaluate(() => globalThis.api.setQuality('alice', 0))
    await eventually('one layer runs', async () => (await active()).filter(Boolean).length === 1)
  })

  it.each(['vp9', 'h264', 'av1'] as const)('%s is published when asked for', async (codec) => {
    await joinPage('alice', `codec-${codec}`, { publish: true, codec })
    const bob = await joinPage('bob', `codec-${codec}`)
    await eventually('bob sees alice', async () => (await framesOf(bob, 'alice')) > 3)
    const [alice] = await server.rooms.listParticipants(`codec-${codec}`)
    const track = alice?.tracks.find((candidate) => candidate.type === TrackType.VIDEO)
    expect(track?.mimeType.toLowerCase()).toBe(`video/${codec}`)
  })
})

describe('permissions', () => {
  it('nobody publishes without permission', async () => {
    const alice = await joinPage('alice', 'no-publish', { grant: { canPublish: false } })
    const failure = alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.setCameraEnabled(true).then(
        () => 'published',
        (error: unknown) => String(error),
      ),
    )
    expect(await failure).not.toBe('published')
    const [participant] = await server.rooms.listParticipants('no-publish')
    expect(participant?.tracks).toEqual([])
  })

  it('only permitted sources are published', async () => {
    const alice = await joinPage('alice', 'sources', {
      grant: { canPublishSources: [TrackSource.MICROPHONE] },
    })
    await alice.page.evaluate(async () => {
      await globalThis.api.room.localParticipant.setMicrophoneEnabled(true)
    })
    const camera = alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.setCameraEnabled(true).then(
        () => 'published',
        (error: unknown) => String(error),
      ),
    )
    expect(await camera).not.toBe('published')
    const [participant] = await server.rooms.listParticipants('sources')
    expect(participant?.tracks.map((track) => track.source)).toEqual([TrackSource.MICROPHONE])
  })

  it('who may not subscribe gets nothing until the permission changes', async () => {
    await joinPage('alice', 'no-subscribe', { publish: true })
    const bob = await joinPage('bob', 'no-subscribe', { grant: { canSubscribe: false } })
    await eventually('bob knows the track', () =>
      bob.page.evaluate(
        () => globalThis.api.room.remoteParticipants.get('alice')?.trackPublications.size === 2,
      ),
    )
    // Bob's own message comes back after all that the server had to say about tracks
    await server.rooms.updateRoomMetadata('no-subscribe', 'later')
    await happened(bob, 'metadata later')
    expect((await bob.received()).video).toEqual([])
    await server.rooms.updateParticipant('no-subscribe', 'bob', {
      permission: { canSubscribe: true, canPublish: true, canPublishData: true },
    })
    await happened(bob, 'permissions changed')
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
  })

  it('a publisher chooses who may subscribe', async () => {
    const alice = await joinPage('alice', 'chosen', { publish: true })
    const bob = await joinPage('bob', 'chosen')
    const carol = await joinPage('carol', 'chosen')
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
    const alice = await joinPage('alice', 'no-data', { grant: { canPublishData: false } })
    const carol = await joinPage('carol', 'no-data')
    const bob = await joinPage('bob', 'no-data')
    await alice.page
      .evaluate(() => globalThis.api.send('silence', { topic: 'x', reliable: true }))
      .catch(() => undefined)
    await carol.page.evaluate(() => globalThis.api.send('hello', { topic: 'x', reliable: true }))
    await eventually('bob hears carol', () => bob.page.evaluate(() => globalThis.api.data.length > 0))
    expect(await bob.page.evaluate(() => globalThis.api.data.map((entry) => entry.from))).toEqual(['carol'])
  })

  it('hidden participants are seen by the API alone', async () => {
    const alice = await joinPage('alice', 'hidden', { publish: true })
    const ghost = await joinPage('ghost', 'hidden', { grant: { hidden: true, canPublish: false } })
    await joinPage('bob', 'hidden')
    await happened(alice, 'joined bob')
    expect(await alice.events()).not.toContain('joined ghost')
    await eventually('the ghost sees alice', () => seesAndHears(ghost, 'alice'))
    const identities = (await server.rooms.listParticipants('hidden')).map(
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
    const alice = await joinPage('alice', 'rename')
    expect(await rename(alice)).not.toBe('renamed')
    const bob = await joinPage('bob', 'rename', { grant: { canUpdateOwnMetadata: true } })
    expect(await rename(bob)).toBe('renamed')
    expect((await server.rooms.getParticipant('rename', 'bob')).name).toBe('new name')
  })
})

describe('the room', () => {
  it('tells who speaks and how well everybody is connected', async () => {
    const alice = await joinPage('alice', 'speakers', { publish: true })
    await using tone = await connectNative(server.url, await server.token('tone', 'speakers'))
    await tone.publishAudio()
    await happened(alice, 'speakers tone')
    await happened(alice, 'quality alice excellent')
  })

  it('shows that it is recorded while a recorder is in it', async () => {
    const alice = await joinPage('alice', 'recording')
    const recorder = await joinPage('EG_recorder', 'recording', {
      grant: { hidden: true, recorder: true, canPublish: false, canPublishData: false },
    })
    await happened(alice, 'recording true')
    const [room] = await server.rooms.listRooms(['recording'])
    expect(room).toMatchObject({ activeRecording: true, numParticipants: 1 })
    await recorder.page.evaluate(() => globalThis.api.room.disconnect())
    await happened(alice, 'recording false')
    expect(await alice.events()).not.toContain('joined EG_recorder')
  })

  it('lets the newer of two with the same identity stay', async () => {
    const first = await joinPage('alice', 'duplicate')
    await joinPage('alice', 'duplicate')
    await happened(first, 'disconnected DUPLICATE_IDENTITY')
    expect(await server.rooms.listParticipants('duplicate')).toHaveLength(1)
  })

  it('shows metadata changed by the API, removes people, mutes their tracks and ends', async () => {
    const alice = await joinPage('alice', 'managed', { publish: true })
    const bob = await joinPage('bob', 'managed')
    await server.rooms.updateRoomMetadata('managed', '{"recordingStatus":"STARTED"}')
    await happened(alice, 'metadata {"recordingStatus":"STARTED"}')
    const participant = await server.rooms.getParticipant('managed', 'alice')
    const microphone = participant.tracks.find((track) => track.source === TrackSource.MICROPHONE)
    await server.rooms.mutePublishedTrack('managed', 'alice', microphone?.sid ?? '', true)
    await happened(bob, 'muted alice microphone')
    await happened(alice, 'muted alice microphone')
    await expect(
      server.rooms.mutePublishedTrack('managed', 'alice', microphone?.sid ?? '', false),
    ).rejects.toMatchObject({ status: 412 })
    await server.rooms.removeParticipant('managed', 'bob')
    await happened(bob, 'disconnected PARTICIPANT_REMOVED')
    await server.rooms.deleteRoom('managed')
    await happened(alice, 'disconnected ROOM_DELETED')
  })

  it('refuses more than it has room for', async () => {
    await server.rooms.createRoom({ name: 'small', maxParticipants: 1 })
    await joinPage('alice', 'small')
    await expect(joinPage('bob', 'small')).rejects.toThrow()
  })
})
