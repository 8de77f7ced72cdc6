import { z } from 'zod'

/** Where a finished file goes: an S3 bucket and the keys for it. Holds secrets: never log it. */
export const StorageTarget = z.object({
  endpoint: z.string(),
  region: z.string(),
  bucket: z.string().min(1),
  accessKey: z.string(),
  secretKey: z.string(),
  sessionToken: z.string().default(''),
  forcePathStyle: z.boolean(),
  metadata: z.record(z.string(), z.string()).default({}),
  tagging: z.string().default(''),
  contentDisposition: z.string().default(''),
})
export type StorageTarget = z.infer<typeof StorageTarget>

export const LayoutName = z.enum(['grid', 'speaker', 'single-speaker'])
export type LayoutName = z.infer<typeof LayoutName>

export const ThemeName = z.enum(['dark', 'light'])
export type ThemeName = z.infer<typeof ThemeName>

export const VideoSettings = z.object({
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  framesPerSecond: z.int().positive(),
  bitrateBps: z.int().positive(),
  keyFrameIntervalSeconds: z.number().positive(),
  profile: z.enum(['baseline', 'main', 'high']),
})
export type VideoSettings = z.infer<typeof VideoSettings>

export const AudioSettings = z.object({
  bitrateBps: z.int().positive(),
  sampleRateHz: z.int().positive(),
})
export type AudioSettings = z.infer<typeof AudioSettings>

/** Pictures taken beside the recording, one each `intervalSeconds`. */
export const ImagePlan = z.object({
  /** Storage key up to the `_00000.jpeg` that is added per picture. */
  keyPrefix: z.string(),
  suffix: z.enum(['index', 'timestamp', 'overwrite']),
  intervalSeconds: z.int().positive(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  disableManifest: z.boolean(),
  target: StorageTarget,
})
export type ImagePlan = z.infer<typeof ImagePlan>

/** What a request comes down to once it has been checked: all that recorder and uploader need to know. */
export const RecordingPlan = z.object({
  roomName: z.string(),
  layout: LayoutName,
  theme: ThemeName,
  /** null: audio only */
  video: VideoSettings.nullable(),
  /** null: video only */
  audio: AudioSettings.nullable(),
  file: z.object({ key: z.string().min(1), disableManifest: z.boolean(), target: StorageTarget }),
  images: z.array(ImagePlan),
})
export type RecordingPlan = z.infer<typeof RecordingPlan>
