import { describe, expect, it } from 'vitest'
import type { SimulationScenario } from 'livekit-client'
import type { TestPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { framesOf, happened, seesAndHears, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

/** What livekit-client can simulate, and whether the participant goes on in its session or in a new one. */
const SCENARIOS: [SimulationScenario, 'resumed' | 'new session'][] = [
  ['signal-reconnect', 'resumed'],
  ['disconnect-signal-on-resume', 'resumed'],
  ['disconnect-signal-on-resume-no-messages', 'resumed'],
  ['resume-reconnect', 'new session'],
  ['full-reconnect', 'new session'],
  ['migration', 'new session'],
  ['node-failure', 'new session'],
]

function simulate(page: TestPage, scenario: SimulationScenario): Promise<void> {
  return page.page.evaluate((value) => globalThis.api.room.simulateScenario(value), scenario)
}

function sidOf(page: TestPage): Promise<string> {
  return page.page.evaluate(() => globalThis.api.room.localParticipant.sid)
}

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  it.each(SCENARIOS)('media flow again both ways after %s, %s', async (scenario, outcome) => {
    const room = `${scenario}-${dual ? 'dual' : 'single'}`
    const alice = await meeting.join('alice', room, { dual, publish: true })
    const bob = await meeting.join('bob', room, { dual, publish: true })
    await eventually('alice sees bob', () => seesAndHears(alice, 'bob'))
    await eventually('bob sees alice', () => seesAndHears(bob, 'alice'))
    const sid = await sidOf(alice)
    await simulate(alice, scenario)
    await happened(alice, 'reconnected')
    expect((await sidOf(alice)) === sid ? 'resumed' : 'new session').toBe(outcome)
    const seen = { alice: await framesOf(alice, 'bob'), bob: await framesOf(bob, 'alice') }
    await eventually('alice sees bob again', async () => (await framesOf(alice, 'bob')) > seen.alice + 5)
    await eventually('bob sees alice again', async () => (await framesOf(bob, 'alice')) > seen.bob + 5)
  })
})

it('a simulated speaker is shown for three seconds to who is subscribed to it', async () => {
  const alice = await meeting.join('alice', 'speaker')
  // A picture without sound: nobody speaks otherwise
  await alice.page.evaluate(() => globalThis.api.room.localParticipant.setCameraEnabled(true))
  const bob = await meeting.join('bob', 'speaker')
  const carol = await meeting.join('carol', 'speaker', { autoSubscribe: false })
  await eventually('bob sees alice', async () => (await framesOf(bob, 'alice')) > 0)
  await simulate(alice, 'speaker')
  for (const page of [alice, bob]) {
    await happened(page, 'speakers alice')
    await happened(page, 'speakers ')
  }
  // What is sent to all after it says that carol has been told all
  await meeting.server.rooms.updateRoomMetadata('speaker', 'later')
  await happened(carol, 'metadata later')
  expect(await carol.events()).not.toContain('speakers alice')
})

it('a client whose first way to connect fails takes the other one', async () => {
  const alice = await meeting.join('alice', 'other-way', { publish: true })
  const bob = await meeting.join('bob', 'other-way', { publish: true })
  await eventually('alice sees bob', () => seesAndHears(alice, 'bob'))
  await simulate(alice, 'fail-on-v1-path')
  await simulate(alice, 'full-reconnect')
  await happened(alice, 'reconnected')
  const mode = await alice.page.evaluate(() => globalThis.api.room.engine.pcManager?.mode)
  expect(mode).toBe('subscriber-primary')
  await eventually('alice sees bob again', () => seesAndHears(alice, 'bob'))
  expect(await eventually('bob sees alice again', () => seesAndHears(bob, 'alice'))).toBe(true)
})

it('nobody is made to start over by asking to be told to leave', async () => {
  const alice = await meeting.join('alice', 'stays', { grant: { canUpdateOwnMetadata: true } })
  const sid = await sidOf(alice)
  await simulate(alice, 'leave-full-reconnect')
  // What is answered after it says that it has been read
  await alice.page.evaluate(() => globalThis.api.room.localParticipant.setName('still here'))
  expect(await sidOf(alice)).toBe(sid)
  const events = await alice.events()
  expect(events.filter((event) => /reconnect|disconnect/.test(event))).toEqual([])
  expect((await meeting.server.rooms.getParticipant('stays', 'alice')).sid).toBe(sid)
})

it('whom the server sends away stays away', async () => {
  const alice = await meeting.join('alice', 'leave')
  const bob = await meeting.join('bob', 'leave')
  await simulate(alice, 'server-leave')
  await happened(alice, 'disconnected SERVER_SHUTDOWN')
  expect(await happened(bob, 'left alice')).toBe(true)
})
