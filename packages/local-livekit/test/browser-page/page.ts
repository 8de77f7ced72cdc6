/// <reference lib="dom" />
/**
 * The page that tests drive: livekit-client as it is, and a few functions on `window` that Playwright can call.
 */
import {
  ConnectionState,
  DisconnectReason,
  Room,
  RoomEvent,
  Track,
  type RemoteTrackPublication,
  type RoomConnectOptions,
  type RoomOptions,
} from 'livekit-client'

export interface JoinOptions {
  url: string
  token: string
  publish: boolean
  /** Dual peer connections (`/rtc`) instead of one (`/rtc/v1`). */
  dual?: boolean
  room?: RoomOptions
  connect?: RoomConnectOptions
}

export interface ReceivedVideo {
  identity: string
  source: string
  framesDecoded: number
  width: number
}

export interface ReceivedAudio {
  identity: string
  energy: number
  packetsReceived: number
  packetsLost: number
}

export interface PageApi {
  readonly room: Room
  readonly events: string[]
  readonly data: { topic: string; text: string; from: string }[]
  join(options: JoinOptions): Promise<{ sid: string; identity: string; mode: string }>
  received(): Promise<{ video: ReceivedVideo[]; audio: ReceivedAudio[] }>
  sentLayers(): Promise<string[]>
  /** Cuts the signalling WebSocket without a closing handshake on this side. */
  cutSignal(): void
  send(text: string, options: { topic: string; reliable: boolean; to?: string[] }): Promise<void>
}

let room: Room | undefined
const events: string[] = []
const data: { topic: string; text: string; from: string }[] = []

function current(): Room {
  if (!room) throw new Error('not joined')
  return room
}

async function join(options: JoinOptions): Promise<{ sid: string; identity: string; mode: string }> {
  const joined = new Room({ singlePeerConnection: !options.dual, ...options.room })
  room = joined
  const note = (text: string): void => {
    events.push(text)
  }
  joined
    .on(RoomEvent.ParticipantConnected, (participant) => note(`joined ${participant.identity}`))
    .on(RoomEvent.ParticipantDisconnected, (participant) => note(`left ${participant.identity}`))
    .on(RoomEvent.TrackSubscribed, (track, publication, participant) => {
      track.attach()
      note(`subscribed ${participant.identity} ${publication.source}`)
    })
    .on(RoomEvent.TrackUnsubscribed, (_track, publication, participant) =>
      note(`unsubscribed ${participant.identity} ${publication.source}`),
    )
    .on(RoomEvent.TrackMuted, (publication, participant) =>
      note(`muted ${participant.identity} ${publication.source}`),
    )
    .on(RoomEvent.TrackUnmuted, (publication, participant) =>
      note(`unmuted ${participant.identity} ${publication.source}`),
    )
    .on(RoomEvent.SignalReconnecting, () => note('signal reconnecting'))
    .on(RoomEvent.Reconnecting, () => note('reconnecting'))
    .on(RoomEvent.Reconnected, () => note('reconnected'))
    .on(RoomEvent.Disconnected, (reason) => note(`disconnected ${DisconnectReason[reason ?? 0]}`))
    .on(RoomEvent.RoomMetadataChanged, (metadata) => note(`metadata ${metadata}`))
    .on(RoomEvent.RecordingStatusChanged, (recording) => note(`recording ${String(recording)}`))
    .on(RoomEvent.ActiveSpeakersChanged, (speakers) =>
      note(`speakers ${speakers.map((speaker) => speaker.identity).join(',')}`),
    )
    .on(RoomEvent.ConnectionQualityChanged, (quality, participant) =>
      note(`quality ${participant.identity} ${quality}`),
    )
    .on(RoomEvent.ParticipantPermissionsChanged, () => note('permissions changed'))
    .on(RoomEvent.TrackSubscriptionPermissionChanged, (publication, status) =>
      note(`subscription ${publication.source} ${status}`),
    )
    .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) =>
      data.push({
        topic: topic ?? '',
        text: new TextDecoder().decode(payload),
        from: participant?.identity ?? '',
      }),
    )
  await joined.connect(options.url, options.token, options.connect)
  if (options.publish) await joined.localParticipant.enableCameraAndMicrophone()
  return {
    sid: joined.localParticipant.sid,
    identity: joined.localParticipant.identity,
    mode: joined.engine.pcManager?.mode ?? '',
  }
}

async function received(): Promise<{ video: ReceivedVideo[]; audio: ReceivedAudio[] }> {
  const video: ReceivedVideo[] = []
  const audio: ReceivedAudio[] = []
  for (const participant of current().remoteParticipants.values())
    for (const publication of participant.trackPublications.values() as IterableIterator<RemoteTrackPublication>) {
      const stats = await publication.track?.getRTCStatsReport()
      for (const report of stats?.values() ?? []) {
        const entry = report as Record<string, unknown>
        if (entry['type'] !== 'inbound-rtp') continue
        const number = (key: string): number => Number(entry[key] ?? 0)
        if (publication.kind === Track.Kind.Video)
          video.push({
            identity: participant.identity,
            source: publication.source,
            framesDecoded: number('framesDecoded'),
            width: number('frameWidth'),
          })
        else
          audio.push({
            identity: participant.identity,
            energy: number('totalAudioEnergy'),
            packetsReceived: number('packetsReceived'),
            packetsLost: number('packetsLost'),
          })
      }
    }
  return { video, audio }
}

/** Rids of the simulcast layers that have sent packets. */
async function sentLayers(): Promise<string[]> {
  const publication = current().localParticipant.getTrackPublication(Track.Source.Camera)
  const stats = await publication?.track?.getRTCStatsReport()
  const rids: string[] = []
  for (const report of stats?.values() ?? []) {
    const entry = report as Record<string, unknown>
    if (entry['type'] === 'outbound-rtp' && Number(entry['packetsSent']) > 0)
      rids.push(String(entry['rid'] ?? ''))
  }
  return rids
}

function cutSignal(): void {
  // The client keeps its socket private
  const { client } = current().engine as unknown as {
    client: { ws?: { close(info: { closeCode: number }): void } }
  }
  client.ws?.close({ closeCode: 4000 })
}

async function send(
  text: string,
  options: { topic: string; reliable: boolean; to?: string[] },
): Promise<void> {
  await current().localParticipant.publishData(new TextEncoder().encode(text), {
    topic: options.topic,
    reliable: options.reliable,
    ...(options.to && { destinationIdentities: options.to }),
  })
}

const api: PageApi = {
  get room() {
    return current()
  },
  events,
  data,
  join,
  received,
  sentLayers,
  cutSignal,
  send,
}
Object.assign(window, { api, ConnectionState, Track })
