import { AddTrackRequest, SessionDescription, SignalRequest, TrackType } from '@livekit/protocol'
import { createDtlsCertificate } from '../../src/transport/werift.ts'
import { eventually } from './eventually.ts'
import { connectPeer, type MediaPeer } from './media-peer.ts'
import { publisherOffer, type OfferedTrack } from './publisher-offer.ts'
import { connectRaw, type RawClient } from './raw-client.ts'
import type { TestServer } from './server.ts'

export interface RawPublisher extends RawClient {
  readonly peer: MediaPeer
  /** Ends both connections without a word. */
  readonly cut: () => void
}

/** A client of `/rtc` that has published tracks, and sends over their transport what it likes. */
export async function connectRawPublisher(
  server: TestServer,
  { identity, room }: { identity: string; room: string },
  tracks: readonly OfferedTrack[],
): Promise<RawPublisher> {
  const client = await connectRaw(server, identity, room)
  const { socket, messages } = client
  const send = (message: SignalRequest['message']): void =>
    socket.send(new SignalRequest({ message }).toBinary())
  for (const { cid, kind } of tracks) {
    const type = kind === 'audio' ? TrackType.AUDIO : TrackType.VIDEO
    send({ case: 'addTrack', value: new AddTrackRequest({ cid, type }) })
  }
  const certificate = await createDtlsCertificate()
  const sdp = publisherOffer(tracks, certificate.fingerprint)
  send({ case: 'offer', value: new SessionDescription({ type: 'offer', sdp, id: 1 }) })
  const answer = await eventually('an answer', () => messages.find((message) => message.case === 'answer'))
  const peer = await connectPeer(answer.value.sdp, certificate)
  const cut = (): void => {
    peer.close()
    socket.terminate()
  }
  return { ...client, peer, cut }
}
