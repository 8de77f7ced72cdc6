import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  VideoStream,
  type RemoteTrack,
  type RoomOptions,
} from '@livekit/rtc-node'

const SAMPLE_RATE = 48_000
const AUDIO_FRAME_SAMPLES = 480
const TONE_HZ = 440
const AMPLITUDE = 12_000
const FRAME_INTERVAL_MS = 66

/** A native participant with a tone and a moving picture to publish. */
export interface NativeParticipant {
  readonly room: Room
  publishVideo(options?: { width?: number; height?: number; source?: TrackSource }): Promise<string>
  publishAudio(): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

export async function connectNative(
  url: string,
  token: string,
  options: Partial<RoomOptions> = {},
): Promise<NativeParticipant> {
  const room = new Room()
  await room.connect(url, token, { autoSubscribe: true, dynacast: false, ...options })
  const stops: (() => Promise<void> | void)[] = []
  const participant = room.localParticipant
  if (!participant) throw new Error('connected without a local participant')
  return {
    room,
    async publishVideo({ width = 640, height = 360, source: trackSource = TrackSource.SOURCE_CAMERA } = {}) {
      const source = new VideoSource(width, height)
      const track = LocalVideoTrack.createVideoTrack('camera', source)
      const publication = await participant.publishTrack(
        track,
        new TrackPublishOptions({ source: trackSource }),
      )
      let count = 0
      const timer = setInterval(() => source.captureFrame(picture(width, height, count++)), FRAME_INTERVAL_MS)
      stops.push(() => {
        clearInterval(timer)
        return source.close()
      })
      return publication.sid ?? ''
    },
    async publishAudio() {
      const source = new AudioSource(SAMPLE_RATE, 1)
      const track = LocalAudioTrack.createAudioTrack('microphone', source)
      const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
      const publication = await participant.publishTrack(track, options)
      let isRunning = true
      const playing = play(source, () => isRunning)
      stops.push(async () => {
        isRunning = false
        await playing
        await source.close()
      })
      return publication.sid ?? ''
    },
    async [Symbol.asyncDispose]() {
      for (const stop of stops) await stop()
      await room.disconnect()
    },
  }
}

/** Counts the pictures that come of everybody, by identity; of who has come before, too. */
export function countPictures(room: Room): ReadonlyMap<string, number> {
  const pictures = new Map<string, number>()
  const count = async (track: RemoteTrack, identity: string): Promise<void> => {
    if (track.kind !== TrackKind.KIND_VIDEO) return
    for await (const { frame } of new VideoStream(track))
      if (frame.width > 0) pictures.set(identity, (pictures.get(identity) ?? 0) + 1)
  }
  for (const { identity, trackPublications } of room.remoteParticipants.values())
    for (const { track } of trackPublications.values()) if (track) void count(track, identity)
  room.on(RoomEvent.TrackSubscribed, (track, _publication, { identity }) => void count(track, identity))
  return pictures
}

/** A grey ramp that moves, so that each frame differs. */
function picture(width: number, height: number, count: number): VideoFrame {
  const data = new Uint8Array((width * height * 3) / 2)
  for (let y = 0; y < height; y++) data.fill((y + count * 8) & 0xff, y * width, (y + 1) * width)
  data.fill(128, width * height)
  return new VideoFrame(data, width, height, VideoBufferType.I420)
}

async function play(source: AudioSource, isRunning: () => boolean): Promise<void> {
  let phase = 0
  while (isRunning()) {
    const data = new Int16Array(AUDIO_FRAME_SAMPLES)
    for (let i = 0; i < data.length; i++)
      data[i] = AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * phase++) / SAMPLE_RATE)
    await source.captureFrame(new AudioFrame(data, SAMPLE_RATE, 1, data.length))
  }
}
