import type { EncodingOptions } from '@livekit/protocol'
import { AudioCodec, EncodingOptionsPreset, VideoCodec } from '@livekit/protocol'
import { EgressError } from '../worker/egress-error.ts'
import type { AudioSettings, VideoSettings } from './recording-plan.ts'

export interface EncodingSettings {
  video: VideoSettings
  audio: AudioSettings
}

/** The `options` of a request: a preset, single values, or nothing. */
export type EncodingChoice =
  | { case: 'preset'; value: EncodingOptionsPreset }
  | { case: 'advanced'; value: EncodingOptions }
  | { case: undefined; value?: undefined }

/** Seconds between key frames where the request does not say: players seek to these. */
const DEFAULT_KEY_FRAME_INTERVAL_SECONDS = 2
const DEFAULT_AUDIO: AudioSettings = { bitrateBps: 128_000, sampleRateHz: 48_000 }

const LIMITS = {
  widthPx: { min: 64, max: 1920 },
  heightPx: { min: 64, max: 1920 },
  framesPerSecond: { min: 1, max: 60 },
  videoBitrateKbps: { min: 50, max: 20_000 },
  audioBitrateKbps: { min: 16, max: 320 },
  keyFrameIntervalSeconds: { min: 0.5, max: 20 },
} as const

/** Sizes and rates of the presets as livekit/egress has them (pkg/config/encoding.go, `applyPreset`). */
const PRESETS: Record<
  EncodingOptionsPreset,
  { widthPx: number; heightPx: number; framesPerSecond: number; kbps: number } | null
> = {
  [EncodingOptionsPreset.H264_720P_30]: { widthPx: 1280, heightPx: 720, framesPerSecond: 30, kbps: 3000 },
  [EncodingOptionsPreset.H264_720P_60]: { widthPx: 1280, heightPx: 720, framesPerSecond: 60, kbps: 4500 },
  [EncodingOptionsPreset.H264_1080P_30]: { widthPx: 1920, heightPx: 1080, framesPerSecond: 30, kbps: 4500 },
  [EncodingOptionsPreset.H264_1080P_60]: { widthPx: 1920, heightPx: 1080, framesPerSecond: 60, kbps: 6000 },
  [EncodingOptionsPreset.PORTRAIT_H264_720P_30]: {
    widthPx: 720,
    heightPx: 1280,
    framesPerSecond: 30,
    kbps: 3000,
  },
  [EncodingOptionsPreset.PORTRAIT_H264_720P_60]: {
    widthPx: 720,
    heightPx: 1280,
    framesPerSecond: 60,
    kbps: 4500,
  },
  [EncodingOptionsPreset.PORTRAIT_H264_1080P_30]: {
    widthPx: 1080,
    heightPx: 1920,
    framesPerSecond: 30,
    kbps: 4500,
  },
  [EncodingOptionsPreset.PORTRAIT_H264_1080P_60]: {
    widthPx: 1080,
    heightPx: 1920,
    framesPerSecond: 60,
    kbps: 6000,
  },
  // Copies the publisher's packets, which a composite cannot
  [EncodingOptionsPreset.PASSTHROUGH]: null,
}

/**
 * Sizes, rates and codec profile a request asks for. Without options: 1280x720 at 30 frames per second
 * (the Go recorder's default, 1080p, is more than a development machine should carry unasked).
 *
 * @throws EgressError `invalid_argument` for a preset, codec or value this recorder does not do
 */
export function encodingSettings(choice: EncodingChoice): EncodingSettings {
  if (choice.case === 'advanced') return advancedSettings(choice.value)
  return presetSettings(choice.value ?? EncodingOptionsPreset.H264_720P_30)
}

function presetSettings(name: EncodingOptionsPreset): EncodingSettings {
  const preset = PRESETS[name]
  if (!preset) {
    throw new EgressError('invalid_argument', `Encoding preset ${name} can't be used for a room composite.`)
  }
  const { kbps, ...size } = preset
  return {
    video: {
      ...size,
      bitrateBps: kbps * 1000,
      keyFrameIntervalSeconds: DEFAULT_KEY_FRAME_INTERVAL_SECONDS,
      profile: 'main',
    },
    audio: DEFAULT_AUDIO,
  }
}

function advancedSettings(options: EncodingOptions): EncodingSettings {
  const { video, audio } = presetSettings(EncodingOptionsPreset.H264_720P_30)
  if (options.audioCodec !== AudioCodec.DEFAULT_AC && options.audioCodec !== AudioCodec.AAC) {
    throw new EgressError('invalid_argument', 'This recorder writes AAC audio only.')
  }
  const frequency = options.audioFrequency
  if (frequency !== 0 && frequency !== 44_100 && frequency !== 48_000) {
    throw new EgressError('invalid_argument', `audio_frequency ${frequency} is neither 44100 nor 48000.`)
  }
  return {
    video: {
      widthPx: even(within('widthPx', 'width', options.width, video.widthPx)),
      heightPx: even(within('heightPx', 'height', options.height, video.heightPx)),
      framesPerSecond: within('framesPerSecond', 'framerate', options.framerate, video.framesPerSecond),
      bitrateBps: within('videoBitrateKbps', 'video_bitrate', options.videoBitrate, 3000) * 1000,
      keyFrameIntervalSeconds: within(
        'keyFrameIntervalSeconds',
        'key_frame_interval',
        options.keyFrameInterval,
        video.keyFrameIntervalSeconds,
      ),
      profile: profileOf(options.videoCodec),
    },
    audio: {
      bitrateBps: within('audioBitrateKbps', 'audio_bitrate', options.audioBitrate, 128) * 1000,
      // Everything in a room is 48 kHz; resampling the mix to 44.1 kHz would gain nothing
      sampleRateHz: audio.sampleRateHz,
    },
  }
}

function profileOf(codec: VideoCodec): VideoSettings['profile'] {
  switch (codec) {
    case VideoCodec.DEFAULT_VC:
    case VideoCodec.H264_MAIN:
      return 'main'
    case VideoCodec.H264_BASELINE:
      return 'baseline'
    case VideoCodec.H264_HIGH:
      return 'high'
    default:
      throw new EgressError('invalid_argument', 'This recorder writes H.264 video only.')
  }
}

function within(limit: keyof typeof LIMITS, field: string, value: number, fallback: number): number {
  if (value === 0) return fallback
  const { min, max } = LIMITS[limit]
  if (value >= min && value <= max) return value
  throw new EgressError('invalid_argument', `${field} is ${value}, but must be between ${min} and ${max}.`)
}

/** H.264 with 4:2:0 chroma has no odd sizes. */
function even(value: number): number {
  return value - (value % 2)
}
