import {
  AudioFrame,
  AudioSource,
  LocalAudioTrack,
  LocalVideoTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoRotation,
  VideoSource,
} from '@livekit/rtc-node'
import { AccessToken } from 'livekit-server-sdk'
import type { YuvColour } from '../../src/composite/canvas.ts'
import type { TestLiveKit } from './test-bench.ts'

const AUDIO_RATE_HZ = 48_000
const AUDIO_BLOCK = 480
const AMPLITUDE = 6000

/** A track that is published and can be taken back. */
export interface PublishedTrack extends AsyncDisposable {
  readonly sid: string
}

export interface PublishedVideo extends PublishedTrack {
  /** What is sent from now on. */
  show(colour: YuvColour): void
  resize(width: number, height: number, rotation?: VideoRotation): void
  /** Stops sending without unpublishing. */
  pause(): void
}

export interface PublishedTone extends PublishedTrack {
  setLoud(loud: boolean): void
}

/** Someone in a room, by way of rtc-node, who sends solid colours and tones. */
export class Publisher implements AsyncDisposable {
  readonly room: Room
  readonly #undo: (() => Promise<void>)[] = []

  private constructor(room: Room) {
    this.room = room
  }

  static async join(
    livekit: TestLiveKit,
    roomName: string,
    identity: string,
    name = identity,
  ): Promise<Publisher> {
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, { identity, name })
    token.addGrant({ roomJoin: true, room: roomName })
    const room = new Room()
    await room.connect(livekit.url.replace('http', 'ws'), await token.toJwt(), {
      autoSubscribe: false,
      dynacast: false,
    })
    return new Publisher(room)
  }

  async publishColour(
    colour: YuvColour,
    options: { screen?: boolean; width?: number; height?: number; simulcast?: boolean } = {},
  ): Promise<PublishedVideo> {
    let { width = 320, height = 180 } = options
    let frame = solid(width, height, colour)
    let current = colour
    let rotation = VideoRotation.VIDEO_ROTATION_0
    const source = new VideoSource(width, height)
    const track = LocalVideoTrack.createVideoTrack('video', source)
    const publishOptions = new TrackPublishOptions()
    publishOptions.source = options.screen ? TrackSource.SOURCE_SCREENSHARE : TrackSource.SOURCE_CAMERA
    publishOptions.simulcast = options.simulcast ?? false
    const publication = await this.#local.publishTrack(track, publishOptions)
    const timer = setInterval(() => source.captureFrame(frame, undefined, rotation), 1000 / 15)
    const { sid = '' } = publication
    const unpublish = async () => {
      clearInterval(timer)
      if (this.room.isConnected) await this.#local.unpublishTrack(sid)
      await source.close()
    }
    this.#undo.push(async () => clearInterval(timer))
    return {
      sid,
      show: (next) => {
        current = next
        frame = solid(width, height, next)
      },
      resize: (nextWidth, nextHeight, nextRotation = VideoRotation.VIDEO_ROTATION_0) => {
        width = nextWidth
        height = nextHeight
        rotation = nextRotation
        frame = solid(width, height, current)
      },
      pause: () => clearInterval(timer),
      [Symbol.asyncDispose]: unpublish,
    }
  }

  async publishTone(frequencyHz: number): Promise<PublishedTone> {
    const source = new AudioSource(AUDIO_RATE_HZ, 1)
    const track = LocalAudioTrack.createAudioTrack('audio', source)
    const options = new TrackPublishOptions()
    options.source = TrackSource.SOURCE_MICROPHONE
    const publication = await this.#local.publishTrack(track, options)
    let loud = true
    let sample = 0
    const startedAt = performance.now()
    // By the clock, so that the source's queue of up to a second stays empty and sound is not late
    const timer = setInterval(() => {
      const due = ((performance.now() - startedAt) / 1000) * AUDIO_RATE_HZ
      while (sample + AUDIO_BLOCK <= due) {
        const block = new Int16Array(AUDIO_BLOCK)
        for (let index = 0; index < AUDIO_BLOCK; index++, sample++) {
          if (loud) block[index] = AMPLITUDE * Math.sin((2 * Math.PI * frequencyHz * sample) / AUDIO_RATE_HZ)
        }
        // Rejects when the source is closed under it
        source.captureFrame(new AudioFrame(block, AUDIO_RATE_HZ, 1, AUDIO_BLOCK)).catch(() => undefined)
      }
    }, 10)
    const { sid = '' } = publication
    this.#undo.push(async () => clearInterval(timer))
    return {
      sid,
      setLoud: (next) => (loud = next),
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer)
        if (this.room.isConnected) await this.#local.unpublishTrack(sid)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo) await undo()
    await this.room.disconnect()
  }

  get #local() {
    const { localParticipant } = this.room
    if (!localParticipant) throw new Error('Not in a room.')
    return localParticipant
  }
}

function solid(width: number, height: number, { y, u, v }: YuvColour): VideoFrame {
  const luma = width * height
  const data = new Uint8Array((luma * 3) / 2)
  data.fill(y, 0, luma)
  data.fill(u, luma, luma + luma / 4)
  data.fill(v, luma + luma / 4)
  return new VideoFrame(data, width, height, VideoBufferType.I420)
}
