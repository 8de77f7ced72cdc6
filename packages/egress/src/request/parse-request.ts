import type { EgressInfo, EncodedFileOutput, ImageOutput, StorageConfig } from '@livekit/protocol'
import { EncodedFileType, ImageCodec, ImageFileSuffix } from '@livekit/protocol'
import { EgressError } from '../worker/egress-error.ts'
import type { EncodingChoice } from './encoding-settings.ts'
import { encodingSettings } from './encoding-settings.ts'
import { parseLayout } from './parse-layout.ts'
import type { ImagePlan, RecordingPlan, StorageTarget } from './recording-plan.ts'
import type { StorageKeyContext } from './storage-key.ts'
import { fileStorageKey, imageKeyPrefix } from './storage-key.ts'

/** Upload settings of an output, as the protobuf oneof of several messages has them. */
type UploadChoice = EncodedFileOutput['output'] | StorageConfig['provider']

interface TemplateFields {
  layout: string
  audioOnly: boolean
  videoOnly: boolean
  customBaseUrl: string
}

interface FileFields {
  filepath: string
  fileType: EncodedFileType
  disableManifest: boolean
}

/** What the two request kinds that can be served (room composite, v2 with a template) have in common. */
interface CompositeRequest extends TemplateFields {
  roomName: string
  encoding: EncodingChoice
  files: (FileFields & { upload: UploadChoice })[]
  images: { output: ImageOutput; upload: UploadChoice }[]
  /** Outputs named in the request that this recorder has not got. */
  unsupported: string[]
}

export interface ParseRequestContext {
  roomName: string
  roomId: string
  now: Date
  /** Used where the request brings no upload settings of its own. */
  ownStorage: StorageTarget
}

const DEFAULT_IMAGE_INTERVAL_SECONDS = 10

/**
 * Checks a request and turns it into a plan.
 *
 * @throws EgressError `invalid_argument` with a sentence that says what can't be done
 */
export function parseRequest(request: EgressInfo['request'], context: ParseRequestContext): RecordingPlan {
  const composite = compositeOf(request)
  const [unsupported] = composite.unsupported
  if (unsupported) {
    throw new EgressError(
      'invalid_argument',
      `This recorder has no ${unsupported} output, only MP4 files and JPEG images.`,
    )
  }
  const roomName = composite.roomName || context.roomName
  if (roomName === '') throw missing('room_name')
  if (composite.customBaseUrl !== '') {
    throw new EgressError(
      'invalid_argument',
      'This recorder draws its own layouts and opens no custom_base_url.',
    )
  }
  if (composite.audioOnly && composite.videoOnly) throw missing('audio_only and video_only')
  if (composite.files.length > 1) throw missing('multiple file outputs')
  const [file] = composite.files
  if (!file) {
    if (composite.images.length > 0) {
      throw new EgressError(
        'invalid_argument',
        'Images are taken beside a file output, which the request lacks.',
      )
    }
    throw missing('output')
  }
  if (file.fileType !== EncodedFileType.DEFAULT_FILETYPE && file.fileType !== EncodedFileType.MP4) {
    throw new EgressError('invalid_argument', 'This recorder writes MP4 files only.')
  }
  if (composite.images.length > 0 && composite.audioOnly) throw missing('audio_only images')
  const { video, audio } = encodingSettings(composite.encoding)
  const keys: StorageKeyContext = { roomName, roomId: context.roomId, now: context.now }
  return {
    roomName,
    ...parseLayout(composite.layout),
    video: composite.audioOnly ? null : video,
    audio: composite.videoOnly ? null : audio,
    file: {
      key: fileStorageKey(file.filepath, '.mp4', keys),
      disableManifest: file.disableManifest,
      target: targetOf(file.upload, context.ownStorage),
    },
    images: composite.images.map(({ output, upload }) =>
      imagePlan(output, targetOf(upload, context.ownStorage), keys, video),
    ),
  }
}

function compositeOf(request: EgressInfo['request']): CompositeRequest {
  switch (request.case) {
    case 'roomComposite': {
      const { value } = request
      const files =
        value.fileOutputs.length === 0 && value.output.case === 'file'
          ? [value.output.value]
          : value.fileOutputs
      return {
        ...sourceFields(value),
        roomName: value.roomName,
        encoding: value.options,
        files: files.map((output) => fileOf(output, output.output)),
        images: value.imageOutputs.map((output) => ({ output, upload: output.output })),
        unsupported: [
          ...(value.streamOutputs.length > 0 || value.output.case === 'stream' ? ['stream'] : []),
          ...(value.segmentOutputs.length > 0 || value.output.case === 'segments' ? ['segment'] : []),
        ],
      }
    }
    case 'egress': {
      const { value } = request
      if (value.source.case !== 'template') {
        throw new EgressError(
          'invalid_argument',
          `This recorder has no ${value.source.case ?? 'empty'} source, only the template of a room.`,
        )
      }
      const uploadOf = (storage: StorageConfig | undefined): UploadChoice =>
        (storage ?? value.storage)?.provider ?? { case: undefined }
      const composite: CompositeRequest = {
        ...sourceFields(value.source.value),
        roomName: value.roomName,
        encoding: value.encoding,
        files: [],
        images: [],
        unsupported: [],
      }
      for (const { config, storage } of value.outputs) {
        if (config.case === 'file') composite.files.push(fileOf(config.value, uploadOf(storage)))
        else if (config.case === 'images')
          composite.images.push({ output: config.value, upload: uploadOf(storage) })
        else composite.unsupported.push(config.case ?? 'empty')
      }
      return composite
    }
    case undefined:
      throw missing('request')
    default:
      throw new EgressError(
        'invalid_argument',
        `This recorder has no ${request.case} egress, only room composites.`,
      )
  }
}

function sourceFields({ layout, audioOnly, videoOnly, customBaseUrl }: TemplateFields): TemplateFields {
  return { layout, audioOnly, videoOnly, customBaseUrl }
}

function fileOf(output: FileFields, upload: UploadChoice): CompositeRequest['files'][number] {
  const { filepath, fileType, disableManifest } = output
  return { filepath, fileType, disableManifest, upload }
}

function imagePlan(
  output: ImageOutput,
  target: StorageTarget,
  keys: StorageKeyContext,
  video: { widthPx: number; heightPx: number },
): ImagePlan {
  if (output.imageCodec !== ImageCodec.IC_DEFAULT && output.imageCodec !== ImageCodec.IC_JPEG) {
    throw new EgressError('invalid_argument', 'This recorder writes JPEG images only.')
  }
  const sizes = { width: output.width, height: output.height }
  for (const [field, value] of Object.entries(sizes)) {
    if (value < 0 || value > 1920)
      throw new EgressError('invalid_argument', `Image ${field} is ${value}, but must be at most 1920.`)
  }
  return {
    keyPrefix: imageKeyPrefix(output.filenamePrefix, keys),
    suffix:
      output.filenameSuffix === ImageFileSuffix.IMAGE_SUFFIX_TIMESTAMP
        ? 'timestamp'
        : output.filenameSuffix === ImageFileSuffix.IMAGE_SUFFIX_NONE_OVERWRITE
          ? 'overwrite'
          : 'index',
    intervalSeconds: output.captureInterval || DEFAULT_IMAGE_INTERVAL_SECONDS,
    widthPx: Math.max(16, (output.width || video.widthPx) & ~1),
    heightPx: Math.max(16, (output.height || video.heightPx) & ~1),
    disableManifest: output.disableManifest,
    target,
  }
}

function targetOf(upload: UploadChoice, own: StorageTarget): StorageTarget {
  if (upload.case === undefined) return own
  if (upload.case !== 's3') {
    throw new EgressError('invalid_argument', `This recorder uploads to S3 only, not to ${upload.case}.`)
  }
  const s3 = upload.value
  if (s3.bucket === '') throw missing('bucket')
  if (s3.assumeRoleArn !== '' || s3.proxy) {
    throw new EgressError(
      'invalid_argument',
      'This recorder supports neither assume_role_arn nor proxy for S3.',
    )
  }
  return {
    endpoint: s3.endpoint,
    region: s3.region || own.region,
    bucket: s3.bucket,
    accessKey: s3.accessKey,
    secretKey: s3.secret,
    sessionToken: s3.sessionToken,
    forcePathStyle: s3.forcePathStyle,
    metadata: { ...s3.metadata },
    tagging: s3.tagging,
    contentDisposition: s3.contentDisposition,
  }
}

/** The text of livekit/egress for a field it can't use. */
function missing(field: string): EgressError {
  return new EgressError('invalid_argument', `request has missing or invalid field: ${field}`)
}
