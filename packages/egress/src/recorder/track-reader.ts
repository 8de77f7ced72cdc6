import type { RemoteTrack } from '@livekit/rtc-node'
import { AudioStream, VideoBufferType, VideoStream } from '@livekit/rtc-node'
import type { I420Picture, Rotation } from '../composite/i420-picture.ts'

/** rtc-node counts quarter turns. */
const ROTATIONS: readonly Rotation[] = [0, 90, 180, 270]
const AUDIO_CHANNELS = 2

/**
 * Reads the frames of one remote track until it is closed. Holds on to track and stream: rtc-node's go
 * silent once the collector takes them. Frames are taken as fast as they come, since rtc-node's own queue
 * has no limit.
 */
export class TrackReader {
  readonly #reader: { cancel(): Promise<void>; releaseLock(): void }
  readonly track: RemoteTrack
  #closed = false

  private constructor(track: RemoteTrack, reader: { cancel(): Promise<void>; releaseLock(): void }) {
    this.track = track
    this.#reader = reader
  }

  static video(
    track: RemoteTrack,
    onPicture: (picture: I420Picture) => void,
    onError: (error: unknown) => void,
  ): TrackReader {
    const reader = new VideoStream(track).getReader()
    const self = new TrackReader(track, reader)
    const read = async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done || self.#closed) return
        const { frame } = value
        const { data, width, height } =
          frame.type === VideoBufferType.I420 ? frame : frame.convert(VideoBufferType.I420)
        onPicture({ data, width, height, rotation: ROTATIONS[value.rotation] ?? 0 })
      }
    }
    read().catch((error: unknown) => self.#closed || onError(error))
    return self
  }

  static audio(
    track: RemoteTrack,
    sampleRateHz: number,
    onSamples: (samples: Int16Array, channels: 1 | 2) => void,
    onError: (error: unknown) => void,
  ): TrackReader {
    const reader = new AudioStream(track, {
      sampleRate: sampleRateHz,
      numChannels: AUDIO_CHANNELS,
      frameSizeMs: 20,
    }).getReader()
    const self = new TrackReader(track, reader)
    const read = async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done || self.#closed) return
        onSamples(value.data, value.channels === 1 ? 1 : 2)
      }
    }
    read().catch((error: unknown) => self.#closed || onError(error))
    return self
  }

  /** Stops reading and frees the native stream. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    // Fails if the stream has ended by itself, which is just as well
    this.#reader.cancel().catch(() => undefined)
  }
}
