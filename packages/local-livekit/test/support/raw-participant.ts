import {
  AddTrackRequest,
  ClientInfo,
  ConnectionSettings,
  DataPacket,
  JoinRequest,
  SessionDescription,
  TrackSource,
  TrackType,
  type SignalRequest,
  type SignalResponse,
} from '@livekit/protocol'
import {
  MediaStream,
  MediaStreamTrack,
  RTCPeerConnection,
  RtpHeader,
  RtpPacket,
  type RTCDataChannel,
} from 'werift'
import { eventually } from './eventually.ts'
import { encodeJoinRequest, openSignal } from './raw-client.ts'
import type { TestServer } from './server.ts'

const PROTOCOL = 16
const RTP_INTERVAL_MS = 20
const RTP_CLOCK_TICKS = 960

/** A client of `/rtc/v1` that connects its media path and says, sends and publishes what it likes. */
export interface RawParticipant extends AsyncDisposable {
  readonly messages: SignalResponse['message'][]
  /** Data packets that have come, as the server wrote them. */
  readonly packets: DataPacket[]
  readonly say: (message: SignalRequest['message']) => void
  send(packet: DataPacket): void
  /** Announces a microphone, offers it and sends its packets, whatever the server answers. */
  publishAudio(): Promise<void>
}

/** Joins and waits until data can be sent. */
export async function joinRaw(server: TestServer, token: string): Promise<RawParticipant> {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
  })
  const reliable = connection.createDataChannel('_reliable', { ordered: true })
  const lossy = connection.createDataChannel('_lossy', { ordered: false, maxRetransmits: 0 })
  const packets: DataPacket[] = []
  for (const channel of [reliable, lossy])
    channel.onMessage.subscribe((data) => packets.push(DataPacket.fromBinary(Buffer.from(data))))

  let offerId = 0
  const offer = async (): Promise<SessionDescription> => {
    await connection.setLocalDescription(await connection.createOffer())
    return new SessionDescription({
      type: 'offer',
      sdp: connection.localDescription?.sdp ?? '',
      id: ++offerId,
    })
  }
  const joinRequest = new JoinRequest({
    // Of a client that understands all answers
    clientInfo: new ClientInfo({ protocol: PROTOCOL }),
    connectionSettings: new ConnectionSettings({ autoSubscribe: true }),
    publisherOffer: await offer(),
  })
  const { socket, messages, say } = await openSignal(server, '/rtc/v1', {
    access_token: token,
    join_request: encodeJoinRequest(joinRequest),
  })
  const answered = async (): Promise<void> => {
    const answer = await eventually('the offer is answered', () =>
      messages.find((message) => message.case === 'answer' && message.value.id === offerId),
    )
    if (answer.case === 'answer')
      await connection.setRemoteDescription({ type: 'answer', sdp: answer.value.sdp })
  }
  await answered()
  await eventually('data channels are open', () => isOpen(reliable) && isOpen(lossy))

  let sending: NodeJS.Timeout | undefined
  return {
    messages,
    packets,
    say,
    send: (packet) => reliable.send(Buffer.from(packet.toBinary())),
    async publishAudio() {
      const track = new MediaStreamTrack({ kind: 'audio' })
      const streams = [new MediaStream({ id: 'microphone', tracks: [track] })]
      const { sender } = connection.addTransceiver(track, { direction: 'sendonly', streams })
      const source = TrackSource.MICROPHONE
      const cid = track.id ?? ''
      say({ case: 'addTrack', value: new AddTrackRequest({ cid, type: TrackType.AUDIO, source }) })
      say({ case: 'offer', value: await offer() })
      await answered()
      let count = 0
      sending = setInterval(() => {
        const header = new RtpHeader({
          payloadType: sender.codec?.payloadType ?? 0,
          sequenceNumber: count & 0xffff,
          timestamp: count++ * RTP_CLOCK_TICKS,
        })
        track.writeRtp(new RtpPacket(header, Buffer.from([0xf8, 0xff, 0xfe])))
      }, RTP_INTERVAL_MS)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(sending)
      socket.close()
      await connection.close()
    },
  }
}

function isOpen(channel: RTCDataChannel): boolean {
  return channel.readyState === 'open'
}
