import {
  AddTrackRequest,
  SessionDescription,
  SignalRequest,
  TrackType,
  UpdateSubscription,
} from '@livekit/protocol'
import { expect, it } from 'vitest'
import { eventually } from './support/eventually.ts'
import { publisherOffer } from './support/publisher-offer.ts'
import { connectRaw, type RawClient } from './support/raw-client.ts'
import { startLocalServer } from './support/server.ts'

function say({ socket }: RawClient, message: SignalRequest['message']): void {
  socket.send(new SignalRequest({ message }).toBinary())
}

function choose(client: RawClient, trackSids: string[], subscribe: boolean): void {
  say(client, { case: 'subscription', value: new UpdateSubscription({ trackSids, subscribe }) })
}

it('who has chosen of more tracks than are kept can still change a choice', async () => {
  await using server = await startLocalServer()
  const bob = await connectRaw(server, 'bob', 'choices')
  const alice = await connectRaw(server, 'alice', 'choices')
  say(alice, { case: 'addTrack', value: new AddTrackRequest({ cid: 'camera', type: TrackType.VIDEO }) })
  const sdp = publisherOffer([{ cid: 'camera', kind: 'video', payloadType: 96, codec: 'VP8/90000', ssrc: 1 }])
  say(alice, { case: 'offer', value: new SessionDescription({ type: 'offer', sdp, id: 1 }) })
  const subscriptions = (): string[] =>
    alice.messages.flatMap((message) => (message.case === 'trackSubscribed' ? [message.value.trackSid] : []))
  const sid = await eventually('bob takes the track', () => subscriptions()[0])
  choose(bob, [sid], false)
  choose(
    bob,
    Array.from({ length: 2_000 }, (_, index) => `TR_${index}`),
    false,
  )
  choose(bob, [sid], true)
  await eventually('bob takes it again', () => subscriptions().length > 1)
  expect(subscriptions()).toEqual([sid, sid])
  alice.socket.terminate()
  bob.socket.terminate()
})
