import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLTP,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_BT709,
  AVFMT_FLAG_FLUSH_PACKETS,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBX264,
} from 'node-av/constants'
import type { Packet } from 'node-av/lib'
import { Codec, CodecContext, Dictionary, FFmpegError, FormatContext, Frame, Rational } from 'node-av/lib'
import type { MixedBlock } from '../audio/audio-mixer.ts'
import { BLOCK_SAMPLES } from '../audio/audio-mixer.ts'
import { Canvas } from '../composite/canvas.ts'
import type { AudioSettings, VideoSettings } from '../request/recording-plan.ts'
import { PacketEncoder } from './packet-encoder.ts'
import { SerialLane } from './serial-lane.ts'

/** Pictures that may wait for the video encoder. The next one is dropped: its place shows the one before. */
const VIDEO_QUEUE_CAPACITY = 12
/** Mixed blocks that may wait for the audio encoder: 6 s. */
const AUDIO_QUEUE_CAPACITY = 280
/** How much of the file a killed process can lose at most, besides what is still in the encoders. */
const FRAGMENT_MICROSECONDS = 500_000
/** Four people at 720p30 have to be decoded, drawn and encoded in 0.6 of a core; veryfast is beyond that. */
const X264_PRESET = 'superfast'
/** Constant quality up to the bitrate asked for. */
const X264_QUALITY = 25
/** Short, so that few frames are lost with a killed process. */
const X264_PARAMS = 'rc-lookahead=8:sync-lookahead=0'

export interface Mp4RecordingOptions {
  path: string
  video: VideoSettings | null
  audio: AudioSettings | null
  /** Called once with what made writing fail. Later calls of `write…` do nothing. */
  onError: (error: unknown) => void
}

/**
 * An MP4 file being recorded: H.264 and AAC in FFmpeg's hybrid fragmented form. That is playable up to the
 * last fragment if the process dies, and becomes a plain MP4 when it is closed.
 */
export class Mp4Recording {
  readonly #format: FormatContext
  readonly #video: PacketEncoder | null = null
  readonly #audio: PacketEncoder | null = null
  readonly #videoLane: SerialLane
  readonly #audioLane: SerialLane
  /** Free pictures for the encoder. One more than can wait, since the encoder may still read the last. */
  readonly #spare: Canvas[] = []
  readonly #canvases: Canvas[] = []
  readonly #audioFrame: Frame | null = null
  #muxing: Promise<void> = Promise.resolve()
  #closing: Promise<void> | null = null

  private constructor(format: FormatContext, options: Mp4RecordingOptions, contexts: Contexts) {
    this.#format = format
    this.#videoLane = new SerialLane(VIDEO_QUEUE_CAPACITY, options.onError)
    this.#audioLane = new SerialLane(AUDIO_QUEUE_CAPACITY, options.onError)
    const write = (packet: Packet) => this.#write(packet)
    const { video, audio } = contexts
    if (video && options.video) {
      this.#video = new PacketEncoder(video.context, video.stream, write)
      for (let index = 0; index < VIDEO_QUEUE_CAPACITY + 2; index++) {
        this.#canvases.push(new Canvas(options.video.widthPx, options.video.heightPx))
      }
      this.#spare.push(...this.#canvases)
    }
    if (audio && options.audio) {
      this.#audio = new PacketEncoder(audio.context, audio.stream, write)
      this.#audioFrame = newAudioFrame(options.audio.sampleRateHz)
    }
  }

  /** Opens encoders and file and writes the file's beginning. */
  static async create(options: Mp4RecordingOptions): Promise<Mp4Recording> {
    const format = new FormatContext()
    FFmpegError.throwIfError(format.allocOutputContext2(null, 'mp4', options.path), 'set up the MP4 muxer')
    const contexts: Contexts = {
      video: options.video && (await openVideo(format, options.video)),
      audio: options.audio && (await openAudio(format, options.audio)),
    }
    FFmpegError.throwIfError(await format.openOutput(), `create ${options.path}`)
    // Otherwise a fragment of a quiet room stays in a buffer of 32 KB
    format.setFlags(AVFMT_FLAG_FLUSH_PACKETS)
    using muxerOptions = Dictionary.fromObject({
      movflags: '+hybrid_fragmented',
      frag_duration: String(FRAGMENT_MICROSECONDS),
      // A quiet room's fragments are small: FFmpeg's write buffer would keep many seconds of them from the disk
      flush_packets: '1',
    })
    FFmpegError.throwIfError(await format.writeHeader(muxerOptions), 'write the MP4 header')
    return new Mp4Recording(format, options, contexts)
  }

  /** Pictures dropped because the encoder was too slow. */
  get droppedPictures(): number {
    return this.#videoLane.dropped
  }

  /** Audio blocks dropped because the encoder was too slow. */
  get droppedBlocks(): number {
    return this.#audioLane.dropped
  }

  /** Pictures waiting for the encoder. */
  get waitingPictures(): number {
    return this.#videoLane.waiting
  }

  /** Takes a copy of the picture. @param slot number of the frame at the constant frame rate */
  writePicture(picture: Canvas, slot: number): void {
    const encoder = this.#video
    if (!encoder || this.#closing) return
    const canvas = this.#spare.pop()
    if (!canvas) {
      this.#videoLane.dropped++
      return
    }
    FFmpegError.throwIfError(canvas.frame.makeWritable(), 'reuse a canvas')
    picture.copyTo(canvas)
    canvas.frame.pts = BigInt(slot)
    canvas.frame.duration = 1n
    const accepted = this.#videoLane.tryRun(async () => {
      try {
        await encoder.encode(canvas.frame)
      } finally {
        this.#spare.push(canvas)
      }
    })
    if (!accepted) this.#spare.push(canvas)
  }

  writeAudio(block: MixedBlock): void {
    const encoder = this.#audio
    const frame = this.#audioFrame
    if (!encoder || !frame || this.#closing) return
    this.#audioLane.tryRun(async () => {
      FFmpegError.throwIfError(frame.makeWritable(), 'reuse the audio frame')
      const [left, right] = frame.data ?? []
      left?.set(bytesOf(block.left))
      right?.set(bytesOf(block.right))
      frame.pts = BigInt(block.firstSample)
      await encoder.encode(frame)
    })
  }

  /**
   * Encodes what is waiting, completes the file and frees everything. A second call joins the first.
   *
   * @throws the first error of encoder or disk; the file then ends where that happened
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    try {
      await Promise.all([this.#videoLane.drain(), this.#audioLane.drain()])
      await this.#video?.encode(null)
      await this.#audio?.encode(null)
      FFmpegError.throwIfError(await this.#format.writeTrailer(), 'complete the MP4 file')
    } finally {
      // Nobody may be inside the muxer when it is freed
      await Promise.allSettled([this.#videoLane.drain(), this.#audioLane.drain(), this.#muxing])
      await this.#format.closeOutput()
      this.#video?.[Symbol.dispose]()
      this.#audio?.[Symbol.dispose]()
      this.#format.freeContext()
      this.#audioFrame?.free()
      for (const canvas of this.#canvases) canvas[Symbol.dispose]()
    }
  }

  /** Both encoders write to one muxer, which takes one packet at a time. */
  #write(packet: Packet): Promise<void> {
    const written = this.#muxing.then(() => this.#writeNow(packet))
    // The encoder that waits for it gets the error; the next packet has its own
    this.#muxing = written.then(
      () => undefined,
      () => undefined,
    )
    return written
  }

  async #writeNow(packet: Packet): Promise<void> {
    FFmpegError.throwIfError(await this.#format.interleavedWriteFrame(packet), 'write to the file')
  }
}

interface OpenedEncoder {
  context: CodecContext
  stream: ReturnType<FormatContext['newStream']>
}

interface Contexts {
  video: OpenedEncoder | null
  audio: OpenedEncoder | null
}

async function openVideo(format: FormatContext, settings: VideoSettings): Promise<OpenedEncoder> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264)
  if (!codec) throw new Error('This build of FFmpeg has no libx264 encoder.')
  const context = new CodecContext()
  context.allocContext3(codec)
  context.width = settings.widthPx
  context.height = settings.heightPx
  context.pixelFormat = AV_PIX_FMT_YUV420P
  context.timeBase = new Rational(1, settings.framesPerSecond)
  context.framerate = new Rational(settings.framesPerSecond, 1)
  context.gopSize = Math.max(1, Math.round(settings.framesPerSecond * settings.keyFrameIntervalSeconds))
  context.maxBFrames = 0
  context.colorRange = AVCOL_RANGE_MPEG
  // Pictures go from the camera to the file without a conversion, and WebRTC's VP8 is BT.601 (RFC 6386, section 9.2)
  context.colorSpace = AVCOL_SPC_SMPTE170M
  context.colorPrimaries = AVCOL_PRI_BT709
  context.colorTrc = AVCOL_TRC_BT709
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  using options = Dictionary.fromObject({
    preset: X264_PRESET,
    crf: String(X264_QUALITY),
    profile: settings.profile,
    maxrate: String(settings.bitrateBps),
    bufsize: String(settings.bitrateBps * 2),
    'x264-params': X264_PARAMS,
  })
  FFmpegError.throwIfError(await context.open2(codec, options), 'open the H.264 encoder')
  const stream = format.newStream()
  FFmpegError.throwIfError(stream.codecpar.fromContext(context), 'describe the video stream')
  stream.timeBase = context.timeBase
  stream.avgFrameRate = context.framerate
  return { context, stream }
}

async function openAudio(format: FormatContext, settings: AudioSettings): Promise<OpenedEncoder> {
  const codec = Codec.findEncoderByName(FF_ENCODER_AAC)
  if (!codec) throw new Error('This build of FFmpeg has no AAC encoder.')
  const context = new CodecContext()
  context.allocContext3(codec)
  context.sampleRate = settings.sampleRateHz
  context.sampleFormat = AV_SAMPLE_FMT_FLTP
  context.bitRate = BigInt(settings.bitrateBps)
  context.channelLayout = STEREO
  context.timeBase = new Rational(1, settings.sampleRateHz)
  context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER)
  FFmpegError.throwIfError(await context.open2(codec, null), 'open the AAC encoder')
  const stream = format.newStream()
  FFmpegError.throwIfError(stream.codecpar.fromContext(context), 'describe the audio stream')
  stream.timeBase = context.timeBase
  return { context, stream }
}

const STEREO = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 2, mask: 3n }

function newAudioFrame(sampleRateHz: number): Frame {
  const frame = new Frame()
  frame.alloc()
  frame.format = AV_SAMPLE_FMT_FLTP
  frame.sampleRate = sampleRateHz
  frame.channelLayout = STEREO
  frame.nbSamples = BLOCK_SAMPLES
  FFmpegError.throwIfError(frame.getBuffer(0), 'allocate an audio frame')
  return frame
}

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)
}
