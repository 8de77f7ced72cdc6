/// <reference lib="dom" />
/// <reference types="vite/client" />
/**
 * The page that tests drive: livekit-client as it is, and a few functions on `window` that Playwright can call.
 */
import {
  ConnectionState,
  DisconnectReason,
  ExternalE2EEKeyProvider,
  RemoteTrackPublication,
  Room,
  RoomEvent,
  RpcError,
  Track,
  VideoQuality,
  type VideoCodec,
} from 'livekit-client'
import EncryptionWorker from 'livekit-client/e2ee-worker?worker&inline'

export interface JoinOptions {
  url: string
  token: string
  publish: boolean
  /** Dual peer connections (`/rtc`) instead of one (`/rtc/v1`). */
  dual?: boolean
  autoSubscribe?: boolean
  adaptiveStream?: boolean
  dynacast?: boolean
  codec?: VideoCodec
  /** Publish 1280x720 in three layers instead of one small picture, which is easier on the machine. */
  hd?: boolean
  /** Media and data are encrypted from end to end with a key derived from this. */
  passphrase?: string
}

export interface ReceivedVideo {
  identity: string
  source: string
  framesDecoded: number
  width: number
  packetsLost: number
  /** Sender reports have come: the publisher's have reached the server. */
  isReported: boolean
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
  /** Which encodings of the camera are switched on. */
  activeLayers(): boolean[]
  /** Asks for 0 low, 1 medium or 2 high quality of somebody's camera. */
  setQuality(identity: string, quality: 0 | 1 | 2): void
  /** Asks for somebody's camera in a size in pixels. */
  setDimensions(identity: string, width: number, height: number): void
  /** Shows somebody's camera in an element of this width in pixels, 16:9; in a hidden one for 0. */
  show(identity: string, width: number): void
  /** Subscribes to what somebody publishes, or no more. */
  setSubscribed(identity: string, subscribed: boolean): void
  /** Cuts the signalling WebSocket without a closing handshake on this side. */
  cutSignal(): void
  send(text: string, options: { topic: string; reliable: boolean; to?: string[] }): Promise<void>
  /** What a handler of remote calls fails with, so that the caller is told. */
  rpcError(code: number, message: string, data: string): RpcError
}

const HD = { width: 1280, height: 720, frameRate: 15 }
const SMALL = { width: 320, height: 180, frameRate: 15 }

let room: Room | undefined
const events: string[] = []
const data: { topic: string; text: string; from: string }[] = []

function current(): Room {
  if (!room) throw new Error('not joined')
  return room
}

async function join(options: JoinOptions): Promise<{ sid: string; identity: string; mode: string }> {
  const encryption = options.passphrase !== undefined && {
    keyProvider: new ExternalE2EEKeyProvider(),
    worker: new EncryptionWorker(),
  }
  const joined = new Room({
    ...(encryption && { encryption }),
    singlePeerConnection: !options.dual,
    adaptiveStream: options.adaptiveStream ?? false,
    dynacast: options.dynacast ?? false,
    videoCaptureDefaults: { resolution: options.hd ? HD : SMALL },
    publishDefaults: { videoCodec: options.codec ?? 'vp8' },
  })
  room = joined
  if (encryption) {
    await encryption.keyProvider.setKey(options.passphrase ?? '')
    await joined.setE2EEEnabled(true)
  }
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
  await joined.connect(options.url, options.token, { autoSubscribe: options.autoSubscribe ?? true })
  if (options.publish) await joined.localParticipant.enableCameraAndMicrophone()
  return {
    sid: joined.localParticipant.sid,
    identity: joined.localParticipant.identity,
    mode: joined.engine.pcManager?.mode ?? '',
  }
}

/** One field of a statistics report, whose entries have no type. */
function field(report: unknown, name: string): unknown {
  return typeof report === 'object' && report !== null ? Reflect.get(report, name) : undefined
}

function numberField(report: unknown, name: string): number {
  return Number(field(report, name) ?? 0)
}

async function received(): Promise<{ video: ReceivedVideo[]; audio: ReceivedAudio[] }> {
  const video: ReceivedVideo[] = []
  const audio: ReceivedAudio[] = []
  for (const { identity, trackPublications } of current().remoteParticipants.values())
    for (const { source, kind, track } of trackPublications.values()) {
      // livekit-client 2.23.0 can keep TrackSubscribed to itself after a full reconnect; sound that is not played is
      // not decoded
      if (track?.attachedElements.length === 0) track.attach()
      const stats = await track?.getRTCStatsReport()
      for (const report of stats?.values() ?? []) {
        if (field(report, 'type') !== 'inbound-rtp') continue
        if (kind === Track.Kind.Video)
          video.push({
            identity,
            source,
            framesDecoded: numberField(report, 'framesDecoded'),
            width: numberField(report, 'frameWidth'),
            packetsLost: numberField(report, 'packetsLost'),
            isReported: field(report, 'remoteId') !== undefined,
          })
        else
          audio.push({
            identity,
            energy: numberField(report, 'totalAudioEnergy'),
            packetsReceived: numberField(report, 'packetsReceived'),
            packetsLost: numberField(report, 'packetsLost'),
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
    const rid = field(report, 'rid')
    if (field(report, 'type') === 'outbound-rtp' && numberField(report, 'packetsSent') > 0)
      rids.push(typeof rid === 'string' ? rid : '')
  }
  return rids
}

function activeLayers(): boolean[] {
  const sender = current().localParticipant.getTrackPublication(Track.Source.Camera)?.track?.sender
  return sender?.getParameters().encodings.map((encoding) => encoding.active ?? true) ?? []
}

const QUALITIES = [VideoQuality.LOW, VideoQuality.MEDIUM, VideoQuality.HIGH] as const

function setQuality(identity: string, quality: 0 | 1 | 2): void {
  const publication = current().remoteParticipants.get(identity)?.getTrackPublication(Track.Source.Camera)
  if (publication instanceof RemoteTrackPublication) publication.setVideoQuality(QUALITIES[quality])
}

function setDimensions(identity: string, width: number, height: number): void {
  const publication = current().remoteParticipants.get(identity)?.getTrackPublication(Track.Source.Camera)
  if (publication instanceof RemoteTrackPublication) publication.setVideoDimensions({ width, height })
}

function show(identity: string, width: number): void {
  const id = `camera of ${identity}`
  let element = document.getElementById(id)
  if (!(element instanceof HTMLVideoElement)) {
    element = document.createElement('video')
    element.id = id
    document.body.append(element)
  }
  element.style.display = width > 0 ? 'block' : 'none'
  element.style.width = `${width}px`
  element.style.height = `${(width * 9) / 16}px`
  const track = current()
    .remoteParticipants.get(identity)
    ?.getTrackPublication(Track.Source.Camera)?.videoTrack
  if (element instanceof HTMLVideoElement) track?.attach(element)
}

function setSubscribed(identity: string, subscribed: boolean): void {
  const publications = current().remoteParticipants.get(identity)?.trackPublications.values() ?? []
  for (const publication of publications) publication.setSubscribed(subscribed)
}

function cutSignal(): void {
  // The client keeps its socket private
  const socket: unknown = Reflect.get(current().engine.client, 'ws')
  const close = field(socket, 'close')
  if (typeof close === 'function') Reflect.apply(close, socket, [{ closeCode: 4000 }])
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
  activeLayers,
  setQuality,
  setDimensions,
  show,
  setSubscribed,
  cutSignal,
  send,
  rpcError: (code, message, data) => new RpcError(code, message, data),
}
Object.assign(window, { api, ConnectionState, Track })
