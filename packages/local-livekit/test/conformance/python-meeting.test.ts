import { findPython } from '@roomreel/tooling/python-packages'
import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { dataOf, happened, seesAndHears, useMeeting } from '../support/meeting.ts'
import { startPythonParticipant } from '../support/python-client.ts'
import { startLocalServer, startServer } from '../support/server.ts'

/** Asks both worlds at once: only `npm run test:real` brings Python's SDKs. */
describe.each([
  ['local-livekit', () => startLocalServer()],
  ['livekit-server', () => startServer()],
])("on %s a browser and LiveKit's Python SDK", (_name, start) => {
  const meeting = useMeeting(start)

  it('see and hear each other, send data and call each other', async () => {
    const python = findPython()
    if (python === undefined) throw new Error('npm run test:real brings the Python SDK')
    const alice = await meeting.join('alice', 'python', { publish: true })
    await alice.page.evaluate(() =>
      globalThis.api.room.registerRpcMethod('greet', ({ payload, callerIdentity }) =>
        Promise.resolve(`${callerIdentity} ${payload}`),
      ),
    )
    const { url } = meeting.server
    const token = await meeting.server.token('snake', 'python')
    await using snake = startPythonParticipant(python, url, token)
    await happened(alice, 'joined snake')
    await eventually('alice sees and hears python', () => seesAndHears(alice, 'snake'))
    await eventually('python sees alice', () => (snake.seen()?.frames ?? 0) > 5)
    await eventually('python hears alice', () => (snake.seen()?.loudest ?? 0) > 1_000)
    await eventually('data go both ways', async () => {
      await alice.page.evaluate(() =>
        globalThis.api.send('hello', { topic: 'repeat', reliable: true, to: ['snake'] }),
      )
      return (await dataOf(alice)).length > 0
    })
    expect((await dataOf(alice))[0]).toEqual({ topic: 'repeated', text: 'hello', from: 'snake' })
    expect(snake.seen()?.data[0]).toEqual({ topic: 'repeat', text: 'hello', from: 'alice' })
    const answer = await alice.page.evaluate(() =>
      globalThis.api.room.localParticipant.performRpc({
        destinationIdentity: 'snake',
        method: 'greet',
        payload: 'from alice',
      }),
    )
    expect(answer).toBe('alice from alice')
    await alice.page.evaluate(() => globalThis.api.send('greet', { topic: 'call', reliable: true }))
    await eventually('alice answers', () => snake.seen()?.answers.length)
    expect(snake.seen()?.answers).toEqual(['snake from python'])
  })
})
