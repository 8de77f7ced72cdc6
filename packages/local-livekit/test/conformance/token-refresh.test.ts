import { decodeJwt, type JWTPayload } from 'jose'
import { AccessToken, RoomConfiguration, TrackSource, type VideoGrant } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { messagesOf, openSignal, type RawClient } from '../support/raw-client.ts'
import { API_KEY, API_SECRET, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

function accessToken(room: string, ttl: string, grant: VideoGrant = {}): AccessToken {
  const token = new AccessToken(API_KEY, API_SECRET, { identity: 'alice', name: 'Alice', ttl })
  token.addGrant({ roomJoin: true, room, ...grant })
  return token
}

/** Joins and waits for the first refreshed token: from then on the API knows the participant. */
async function join(token: string): Promise<RawClient> {
  const client = await openSignal(server, '/rtc', { access_token: token })
  await refreshed(client, 1)
  return client
}

function tellsOfBoth(claims: JWTPayload): boolean {
  return claims['metadata'] === 'second' && JSON.stringify(claims['video']).includes('"canSubscribe":false')
}

/** The `count`th refreshed token, when it has come. */
async function refreshed(client: RawClient, count: number): Promise<string> {
  return eventually(`${count} refreshed tokens`, () => messagesOf(client, 'refreshToken')[count - 1]?.value)
}

describe.concurrent('the token a client gets to reconnect with', () => {
  it('lasts as long as its own when that is longer than ten minutes', async () => {
    const own = await accessToken('longer', '1h').toJwt()
    const client = await join(own)
    expect(messagesOf(client, 'refreshToken').map(({ value }) => decodeJwt(value).exp)).toEqual([
      decodeJwt(own).exp,
    ])
    client.socket.close()
  })

  it('lasts longer than its own when that is about to end', async () => {
    const own = await accessToken('shorter', '30s').toJwt()
    const client = await join(own)
    const token = await refreshed(client, 1)
    expect(decodeJwt(token).exp).toBeGreaterThan((decodeJwt(own).exp ?? 0) + 500)
    client.socket.close()
  })

  it('carries all that its own said', async () => {
    const own = accessToken('whole', '1h', {
      roomRecord: true,
      ingressAdmin: true,
      canUpdateOwnMetadata: true,
      canPublishSources: [TrackSource.CAMERA],
    })
    own.metadata = 'first'
    own.attributes = { seat: '1' }
    own.roomConfig = new RoomConfiguration({ emptyTimeout: 77, metadata: 'of the room' })
    const client = await join(await own.toJwt())
    const token = await refreshed(client, 1)
    expect(decodeJwt(token)).toMatchObject({
      iss: API_KEY,
      sub: 'alice',
      name: 'Alice',
      metadata: 'first',
      attributes: { seat: '1' },
      kind: 'standard',
      roomConfig: { emptyTimeout: 77, metadata: 'of the room' },
      video: {
        room: 'whole',
        roomJoin: true,
        roomRecord: true,
        ingressAdmin: true,
        canUpdateOwnMetadata: true,
        canPublishSources: ['camera'],
      },
    })
    client.socket.close()
  })

  it('comes anew with each change, and with changes alone', async () => {
    const own = await accessToken('changed', '1h').toJwt()
    const client = await join(own)
    const { rooms } = server
    await rooms.updateParticipant('changed', 'alice', { metadata: 'second' })
    expect(decodeJwt(await refreshed(client, 2))).toMatchObject({ metadata: 'second' })
    const permission = { canSubscribe: true, canPublish: true, canPublishSources: [TrackSource.MICROPHONE] }
    await rooms.updateParticipant('changed', 'alice', { permission })
    const granted = {
      canSubscribe: true,
      canPublish: true,
      canPublishData: false,
      canPublishSources: ['microphone'],
    }
    expect(decodeJwt(await refreshed(client, 3))).toMatchObject({ metadata: 'second', video: granted })
    const before = await rooms.getParticipant('changed', 'alice')
    await rooms.updateParticipant('changed', 'alice', { metadata: 'second', permission })
    const after = await rooms.updateParticipant('changed', 'alice', { name: '' })
    expect(after.version).toBe(before.version)
    await rooms.updateParticipant('changed', 'alice', { attributes: { hand: 'up' } })
    const last = decodeJwt(await refreshed(client, 4))
    expect(last).toMatchObject({ attributes: { hand: 'up' }, video: granted, exp: decodeJwt(own).exp })
    client.socket.close()
  })

  it('opens the room with what has changed since', async () => {
    const client = await join(await accessToken('reopened', '30s').toJwt())
    await server.rooms.updateParticipant('reopened', 'alice', {
      metadata: 'second',
      permission: { canSubscribe: false, canPublish: true },
    })
    // One comes for the metadata, one for the permission
    const last = await eventually('a token that tells of both', () =>
      messagesOf(client, 'refreshToken').find(({ value }) => tellsOfBoth(decodeJwt(value))),
    )
    client.socket.close()
    const again = await join(last.value)
    expect(messagesOf(again, 'join')[0]?.value.participant).toMatchObject({
      identity: 'alice',
      metadata: 'second',
      permission: { canSubscribe: false, canPublish: true, canPublishData: false },
    })
    again.socket.close()
  })
})
