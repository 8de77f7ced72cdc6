import { dispose } from '@livekit/rtc-node'
import { afterAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { seesAndHears, useMeeting } from '../support/meeting.ts'
import { connectNative, countPictures } from '../support/rtc-node.ts'

const meeting = useMeeting()
afterAll(() => dispose())

it.each([{ dual: false }, { dual: true }])(
  'a native participant and a browser with dual connections: $dual see each other, whoever comes first',
  async ({ dual }) => {
    const room = `mixed-${dual ? 'dual' : 'single'}`
    const { server } = meeting
    await using first = await connectNative(server.url, await server.token('first', room))
    await first.publishVideo()
    await first.publishAudio()
    const seenByFirst = countPictures(first.room)
    const alice = await meeting.join('alice', room, { dual, publish: true })
    await using last = await connectNative(server.url, await server.token('last', room))
    await last.publishVideo({ width: 1280, height: 720 })
    await last.publishAudio()
    const seenByLast = countPictures(last.room)
    for (const identity of ['first', 'last'])
      await eventually(`alice sees and hears ${identity}`, () => seesAndHears(alice, identity))
    const isSeen = (pictures: ReadonlyMap<string, number>, identities: string[]): boolean =>
      identities.every((identity) => (pictures.get(identity) ?? 0) > 5)
    await eventually('first sees both', () => isSeen(seenByFirst, ['alice', 'last']))
    expect(await eventually('last sees both', () => isSeen(seenByLast, ['alice', 'first']))).toBe(true)
  },
)
