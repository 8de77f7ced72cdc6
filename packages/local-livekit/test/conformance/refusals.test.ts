import {
  AddTrackRequest,
  DataBlobKey,
  GetDataBlobRequest,
  MuteTrackRequest,
  PublishDataTrackRequest,
  RequestResponse_Reason,
  StoreDataBlobRequest,
  TrackSource,
  TrackType,
  UnpublishDataTrackRequest,
  UpdateLocalAudioTrack,
  UpdateLocalVideoTrack,
  UpdateParticipantMetadata,
  type SignalRequest,
} from '@livekit/protocol'
import { TrackSource as GrantedSource, type VideoGrant } from 'livekit-server-sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { messagesOf, openSignal } from '../support/raw-client.ts'
import { joinRaw } from '../support/raw-participant.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const track = (track: Partial<AddTrackRequest>): SignalRequest['message'] => ({
  case: 'addTrack',
  value: new AddTrackRequest({ cid: 'cid', type: TrackType.VIDEO, source: TrackSource.CAMERA, ...track }),
})

const { INVALID_REQUEST, NOT_ALLOWED, NOT_FOUND, UNSUPPORTED_TYPE } = RequestResponse_Reason

interface Row {
  what: string
  grant?: VideoGrant
  request: SignalRequest['message']
  reason: RequestResponse_Reason
  message?: string
  requestId?: number
}

describe.concurrent('a request that can not be granted is answered with a reason', () => {
  const rows: Row[] = [
    {
      what: 'a track of who may not publish',
      grant: { canPublish: false },
      request: track({}),
      reason: NOT_ALLOWED,
    },
    {
      what: 'a track of a source that is not permitted',
      grant: { canPublishSources: [GrantedSource.MICROPHONE] },
      request: track({}),
      reason: NOT_ALLOWED,
    },
    { what: 'a track of neither kind', request: track({ type: TrackType.DATA }), reason: UNSUPPORTED_TYPE },
    {
      what: 'a second codec of an unknown track',
      request: track({ sid: 'TR_unknown' }),
      reason: NOT_FOUND,
    },
    {
      what: 'muting an unknown track',
      request: { case: 'mute', value: new MuteTrackRequest({ sid: 'TR_unknown', muted: true }) },
      reason: NOT_FOUND,
    },
    {
      what: 'features of an unknown track',
      request: { case: 'updateAudioTrack', value: new UpdateLocalAudioTrack({ trackSid: 'TR_unknown' }) },
      reason: NOT_FOUND,
    },
    {
      what: 'the size of an unknown track',
      request: { case: 'updateVideoTrack', value: new UpdateLocalVideoTrack({ trackSid: 'TR_unknown' }) },
      reason: NOT_FOUND,
    },
    {
      what: 'a data track of who may not send data',
      grant: { canPublishData: false },
      request: {
        case: 'publishDataTrackRequest',
        value: new PublishDataTrackRequest({ pubHandle: 1, name: 'data' }),
      },
      reason: NOT_ALLOWED,
      message: 'does not have permission to publish data',
    },
    {
      what: 'the end of an unknown data track',
      request: {
        case: 'unpublishDataTrackRequest',
        value: new UnpublishDataTrackRequest({ pubHandle: 1 }),
      },
      reason: NOT_FOUND,
    },
    {
      what: 'a new name of who may not have one',
      request: { case: 'updateMetadata', value: new UpdateParticipantMetadata({ name: 'x', requestId: 4 }) },
      reason: NOT_ALLOWED,
      message: 'does not have permission to update own metadata',
      requestId: 4,
    },
    {
      what: 'storing a blob',
      request: { case: 'storeDataBlobRequest', value: new StoreDataBlobRequest({ requestId: 5 }) },
      reason: NOT_ALLOWED,
      message: 'data blob not enabled',
      requestId: 5,
    },
    {
      what: 'reading a blob without a key',
      request: { case: 'getDataBlobRequest', value: new GetDataBlobRequest({ requestId: 6 }) },
      reason: INVALID_REQUEST,
      message: 'data blob key is required',
      requestId: 6,
    },
    {
      what: 'reading a blob of somebody who is not there',
      request: {
        case: 'getDataBlobRequest',
        value: new GetDataBlobRequest({
          requestId: 7,
          participantIdentity: 'nobody',
          key: new DataBlobKey(),
        }),
      },
      reason: NOT_FOUND,
      message: 'participant not found',
      requestId: 7,
    },
    {
      what: 'reading a blob that is not there',
      request: {
        case: 'getDataBlobRequest',
        value: new GetDataBlobRequest({ requestId: 8, participantIdentity: 'alice', key: new DataBlobKey() }),
      },
      reason: NOT_FOUND,
      message: 'data blob not found',
      requestId: 8,
    },
  ]

  it.each(rows)('$what', async ({ what, grant, request, reason, message = '', requestId = 0 }) => {
    const token = await server.token('alice', what, grant)
    const client = await openSignal(server, '/rtc', { access_token: token })
    client.say(request)
    const { value: response } = await eventually('an answer', () => messagesOf(client, 'requestResponse')[0])
    expect(response).toMatchObject({ reason, message })
    // It names the request, or repeats it
    expect(response.requestId).toBe(requestId)
    expect(response.request.value ?? request.value).toEqual(request.value)
    client.socket.close()
  })
})

describe('a track that is offered without permission', () => {
  it.each([
    { what: 'who may not publish', grant: { canPublish: false } },
    { what: 'who may publish other sources', grant: { canPublishSources: [GrantedSource.CAMERA] } },
  ])('of $what reaches nobody', async ({ what, grant }) => {
    await using bob = await joinRaw(server, await server.token('bob', what))
    await using mallory = await joinRaw(server, await server.token('mallory', what, grant))
    await using carol = await joinRaw(server, await server.token('carol', what))
    // Both do exactly the same; when carol's track has arrived, mallory's would have, too
    await mallory.publishAudio()
    await carol.publishAudio()
    const seen = (): string[] =>
      messagesOf(bob, 'update')
        .flatMap(({ value }) => value.participants)
        .flatMap(({ identity, tracks }) => tracks.map(() => identity))
    await eventually("bob knows carol's track", () => seen().includes('carol'))
    expect(seen()).not.toContain('mallory')
    const published = (await server.rooms.listParticipants(what)).filter(({ tracks }) => tracks.length > 0)
    expect(published.map(({ identity }) => identity)).toEqual(['carol'])
  })
})
