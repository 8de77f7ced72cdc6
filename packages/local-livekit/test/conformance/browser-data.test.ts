import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { RpcError, type ByteStreamReader } from 'livekit-client'
import type { TestPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { dataOf, dataReach, happened, useMeeting } from '../support/meeting.ts'

const meeting = useMeeting()

const FILE_BYTES = 300_000

/** Notes the name, size and hash of each file that comes. */
function noteFiles(page: TestPage): Promise<void> {
  return page.page.evaluate(() => {
    const note = async (reader: ByteStreamReader, identity: string): Promise<void> => {
      const bytes = await new Blob((await reader.readAll()).map((part) => new Uint8Array(part))).arrayBuffer()
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
      const hex = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
      globalThis.api.events.push(`file ${reader.info.name} of ${identity}: ${bytes.byteLength} ${hex}`)
    }
    globalThis.api.room.registerByteStreamHandler('files', (reader, { identity }) => {
      void note(reader, identity)
    })
  })
}

describe.each([{ dual: false }, { dual: true }])('with dual connections: $dual', ({ dual }) => {
  const name = (what: string): string => `${what}-${dual ? 'dual' : 'single'}`

  it('a file and a stream of bytes reach whole whom they are meant for, and nobody else', async () => {
    const alice = await meeting.join('alice', name('files'), { dual })
    const bob = await meeting.join('bob', name('files'), { dual })
    const carol = await meeting.join('carol', name('files'), { dual })
    for (const page of [bob, carol]) await noteFiles(page)
    await dataReach(alice, bob, carol)
    const content = randomBytes(FILE_BYTES)
    const hash = createHash('sha256').update(content).digest('hex')
    await alice.page.evaluate(
      async ([base64 = '']) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        const { localParticipant } = globalThis.api.room
        const options = { topic: 'files', destinationIdentities: ['bob'] }
        await localParticipant.sendFile(new File([bytes], 'sent'), options)
        const writer = await localParticipant.streamBytes({ ...options, name: 'streamed' })
        const half = bytes.length / 2
        await writer.write(bytes.subarray(0, half))
        await writer.write(bytes.subarray(half))
        await writer.close()
        await localParticipant.sendFile(new File([], 'last'), { topic: 'files' })
      },
      [content.toString('base64')],
    )
    await happened(bob, `file sent of alice: ${FILE_BYTES} ${hash}`)
    await happened(bob, `file streamed of alice: ${FILE_BYTES} ${hash}`)
    const files = await eventually('carol has the last', async () => {
      const events = (await carol.events()).filter((event) => event.startsWith('file '))
      return events.length > 0 && events
    })
    expect(files).toEqual([expect.stringMatching(/^file last of alice: 0 /)])
  })

  it('reliable messages arrive once and in order while the receiver resumes', async () => {
    const alice = await meeting.join('alice', name('resumed'), { dual })
    const bob = await meeting.join('bob', name('resumed'), { dual })
    await dataReach(alice, bob)
    let count = 0
    const send = (): Promise<void> =>
      alice.page.evaluate(
        (text) => globalThis.api.send(text, { topic: 'count', reliable: true }),
        String(count++),
      )
    await send()
    await bob.page.evaluate(() => globalThis.api.cutSignal())
    await eventually('bob has resumed', async () => {
      await send()
      return (await bob.events()).includes('reconnected')
    })
    await send()
    await eventually('all are there', async () => (await dataOf(bob)).length >= count)
    expect((await dataOf(bob)).map(({ text }) => text)).toEqual(
      Array.from({ length: count }, (_, index) => String(index)),
    )
  })
})

it('a procedure that fails, or nobody has, fails for the caller, too', async () => {
  const alice = await meeting.join('alice', 'failures')
  const bob = await meeting.join('bob', 'failures')
  await bob.page.evaluate(() => {
    globalThis.api.room.registerRpcMethod('refuse', ({ payload }) =>
      Promise.reject(globalThis.api.rpcError(101, 'not today', `${payload} is refused`)),
    )
    globalThis.api.room.registerRpcMethod('break', () => Promise.reject(new Error('details')))
  })
  await happened(alice, 'joined bob')
  await dataReach(alice, bob)
  await dataReach(bob, alice)
  const call = (destinationIdentity: string, method: string): Promise<unknown> =>
    alice.page.evaluate(
      ([identity = '', called = '']) =>
        globalThis.api.room.localParticipant
          .performRpc({ destinationIdentity: identity, method: called, payload: 'all' })
          .catch((error: unknown) =>
            error instanceof Error
              ? {
                  code: Reflect.get(error, 'code') as unknown,
                  message: error.message,
                  data: Reflect.get(error, 'data') as unknown,
                }
              : error,
          ),
      [destinationIdentity, method],
    )
  expect(await call('bob', 'refuse')).toEqual({ code: 101, message: 'not today', data: 'all is refused' })
  expect(await call('bob', 'break')).toMatchObject({ code: RpcError.ErrorCode.APPLICATION_ERROR })
  expect(await call('bob', 'nothing')).toMatchObject({ code: RpcError.ErrorCode.UNSUPPORTED_METHOD })
  expect(await call('nobody', 'refuse')).toMatchObject({ code: RpcError.ErrorCode.CONNECTION_TIMEOUT })
})
