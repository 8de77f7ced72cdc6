import type { EgressInfo } from '@livekit/protocol'
import {
  AudioCodec,
  AudioMixing,
  EncodedFileOutput,
  EncodedFileType,
  EncodingOptions,
  EncodingOptionsPreset,
  FileOutput,
  GCPUpload,
  ImageOutput,
  Output,
  RoomCompositeEgressRequest,
  S3Upload,
  SegmentedFileOutput,
  StartEgressRequest,
  StorageConfig,
  StreamOutput,
  TemplateSource,
  VideoCodec,
  WebEgressRequest,
} from '@livekit/protocol'
import { expect, test } from 'vitest'
import { parseRequest } from './parse-request.ts'
import type { StorageTarget } from './recording-plan.ts'
import { redactRequest } from './redact-request.ts'

const ownStorage: StorageTarget = {
  endpoint: 'http://s3.test',
  region: 'eu-west-1',
  bucket: 'own',
  accessKey: 'own-key',
  secretKey: 'own-secret',
  sessionToken: '',
  forcePathStyle: true,
  metadata: {},
  tagging: '',
  contentDisposition: '',
}
const context = { roomName: '', roomId: 'RM_1', now: new Date('2026-01-02T03:04:05Z'), ownStorage }
const fileOutputs = [new EncodedFileOutput({ filepath: 'f' })]
const upload = new S3Upload({ accessKey: 'their-key', secret: 'their-secret', bucket: 'theirs' })

function composite(
  fields: ConstructorParameters<typeof RoomCompositeEgressRequest>[0],
): EgressInfo['request'] {
  return {
    case: 'roomComposite',
    value: new RoomCompositeEgressRequest({ roomName: 'r', fileOutputs, ...fields }),
  }
}

test('a bare request is 720p at 30 frames per second, dark grid, into our own bucket', () => {
  expect(parseRequest(composite({}), context)).toEqual({
    roomName: 'r',
    layout: 'grid',
    theme: 'dark',
    video: {
      widthPx: 1280,
      heightPx: 720,
      framesPerSecond: 30,
      bitrateBps: 3_000_000,
      keyFrameIntervalSeconds: 2,
      profile: 'main',
    },
    audio: { bitrateBps: 128_000, sampleRateHz: 48_000 },
    file: { key: 'f.mp4', disableManifest: false, target: ownStorage },
    images: [],
  })
})

test.each([
  ['', 'grid', 'dark'],
  ['grid-light', 'grid', 'light'],
  ['speaker', 'speaker', 'dark'],
  ['speaker-dark', 'speaker', 'dark'],
  ['single-speaker-light', 'single-speaker', 'light'],
  ['my-own', 'grid', 'dark'],
])('the layout %j is drawn as %s, %s', (name, layout, theme) => {
  expect(parseRequest(composite({ layout: name }), context)).toMatchObject({ layout, theme })
})

test.each([
  [EncodingOptionsPreset.H264_720P_60, 1280, 720, 60, 4_500_000],
  [EncodingOptionsPreset.H264_1080P_30, 1920, 1080, 30, 4_500_000],
  [EncodingOptionsPreset.H264_1080P_60, 1920, 1080, 60, 6_000_000],
  [EncodingOptionsPreset.PORTRAIT_H264_720P_30, 720, 1280, 30, 3_000_000],
  [EncodingOptionsPreset.PORTRAIT_H264_1080P_60, 1080, 1920, 60, 6_000_000],
])('preset %i is %ix%i at %i fps and %i bit/s', (preset, widthPx, heightPx, framesPerSecond, bitrateBps) => {
  const { video } = parseRequest(composite({ options: { case: 'preset', value: preset } }), context)
  expect(video).toMatchObject({ widthPx, heightPx, framesPerSecond, bitrateBps })
})

test('advanced options replace single values, odd sizes are made even', () => {
  const value = new EncodingOptions({
    width: 641,
    height: 360,
    framerate: 15,
    videoBitrate: 800,
    videoCodec: VideoCodec.H264_HIGH,
    keyFrameInterval: 4,
  })
  expect(parseRequest(composite({ options: { case: 'advanced', value } }), context).video).toEqual({
    widthPx: 640,
    heightPx: 360,
    framesPerSecond: 15,
    bitrateBps: 800_000,
    keyFrameIntervalSeconds: 4,
    profile: 'high',
  })
})

test('audio only and video only leave the other out', () => {
  expect(parseRequest(composite({ audioOnly: true }), context)).toMatchObject({ video: null, audio: {} })
  expect(parseRequest(composite({ videoOnly: true }), context)).toMatchObject({ video: {}, audio: null })
})

test("a request's own S3 settings win over ours, for files and images alike", () => {
  const output = { case: 's3', value: upload } as const
  const plan = parseRequest(
    composite({
      fileOutputs: [new EncodedFileOutput({ filepath: 'f', output })],
      imageOutputs: [
        new ImageOutput({ filenamePrefix: 'i', output, width: 101 }),
        new ImageOutput({ captureInterval: 3 }),
      ],
    }),
    context,
  )
  expect(plan.file.target).toMatchObject({
    bucket: 'theirs',
    accessKey: 'their-key',
    secretKey: 'their-secret',
    region: 'eu-west-1',
  })
  expect(plan.images).toMatchObject([
    { keyPrefix: 'i', widthPx: 100, heightPx: 720, intervalSeconds: 10, target: { bucket: 'theirs' } },
    { keyPrefix: 'r-2026-01-02T030405', intervalSeconds: 3, target: { bucket: 'own' } },
  ])
})

test('the deprecated single output and the v2 request with a template come to the same', () => {
  const old = composite({
    fileOutputs: [],
    output: { case: 'file', value: new EncodedFileOutput({ filepath: 'f' }) },
  })
  const v2 = new StartEgressRequest({
    roomName: 'r',
    source: { case: 'template', value: new TemplateSource({ layout: 'speaker-light' }) },
    outputs: [new Output({ config: { case: 'file', value: new FileOutput({ filepath: 'f' }) } })],
    storage: new StorageConfig({ provider: { case: 's3', value: upload } }),
  })
  expect(parseRequest(old, context).file).toMatchObject({ key: 'f.mp4', target: { bucket: 'own' } })
  const plan = parseRequest({ case: 'egress', value: v2 }, context)
  expect(plan).toMatchObject({
    layout: 'speaker',
    theme: 'light',
    file: { key: 'f.mp4', target: { bucket: 'theirs' } },
  })
})

const advanced = (options: ConstructorParameters<typeof EncodingOptions>[0]) =>
  composite({ options: { case: 'advanced', value: new EncodingOptions(options) } })

test.each<[string, EgressInfo['request'], RegExp]>([
  ['no request', { case: undefined }, /invalid field: request/],
  ['a web egress', { case: 'web', value: new WebEgressRequest() }, /no web egress/],
  ['no room', composite({ roomName: '' }), /invalid field: room_name/],
  ['no output', composite({ fileOutputs: [] }), /invalid field: output/],
  ['two files', composite({ fileOutputs: [...fileOutputs, ...fileOutputs] }), /multiple file outputs/],
  ['images alone', composite({ fileOutputs: [], imageOutputs: [new ImageOutput()] }), /beside a file output/],
  ['images of sound', composite({ audioOnly: true, imageOutputs: [new ImageOutput()] }), /audio_only images/],
  ['neither sound nor picture', composite({ audioOnly: true, videoOnly: true }), /audio_only and video_only/],
  ['a stream', composite({ streamOutputs: [new StreamOutput()] }), /no stream output/],
  ['segments', composite({ segmentOutputs: [new SegmentedFileOutput()] }), /no segment output/],
  [
    'an OGG file',
    composite({ fileOutputs: [new EncodedFileOutput({ fileType: EncodedFileType.OGG })] }),
    /MP4 files only/,
  ],
  ['a page of its own', composite({ customBaseUrl: 'https://example.org' }), /custom_base_url/],
  [
    'a passed-through preset',
    composite({ options: { case: 'preset', value: EncodingOptionsPreset.PASSTHROUGH } }),
    /preset/,
  ],
  ['a width of 8000', advanced({ width: 8000 }), /width is 8000/],
  ['120 frames per second', advanced({ framerate: 120 }), /framerate is 120/],
  ['a negative bitrate', advanced({ videoBitrate: -1 }), /video_bitrate is -1/],
  ['VP8', advanced({ videoCodec: VideoCodec.VP8 }), /H.264/],
  ['Opus', advanced({ audioCodec: AudioCodec.OPUS }), /AAC/],
  [
    'Google storage',
    composite({ fileOutputs: [new EncodedFileOutput({ output: { case: 'gcp', value: new GCPUpload() } })] }),
    /S3 only/,
  ],
  [
    'S3 without a bucket',
    composite({ fileOutputs: [new EncodedFileOutput({ output: { case: 's3', value: new S3Upload() } })] }),
    /invalid field: bucket/,
  ],
])('%s is refused with a sentence', (_, request, message) => {
  expect(() => parseRequest(request, context)).toThrow(message)
  expect(() => parseRequest(request, context)).toThrow(expect.objectContaining({ code: 'invalid_argument' }))
})

test('secrets are replaced in the copy that is shown, and kept in the original', () => {
  const secret = new S3Upload({ accessKey: 'A', secret: 'S', sessionToken: 'T', bucket: 'b' })
  const output = { case: 's3', value: secret } as const
  const request = composite({
    audioMixing: AudioMixing.DEFAULT_MIXING,
    fileOutputs: [new EncodedFileOutput({ output })],
    imageOutputs: [new ImageOutput({ output })],
    output: { case: 'file', value: new EncodedFileOutput({ output }) },
  })
  const v2: EgressInfo['request'] = {
    case: 'egress',
    value: new StartEgressRequest({
      storage: new StorageConfig({ provider: output }),
      outputs: [new Output({ storage: new StorageConfig({ provider: output }) })],
    }),
  }
  for (const copy of [redactRequest(request), redactRequest(v2)]) {
    const text = JSON.stringify(copy.value?.toJson())
    expect(text).not.toMatch(/"(A|S|T)"/)
    expect(text.match(/\{access_key\}/g)?.length).toBe(text.match(/\{session_token\}/g)?.length)
    expect(text).toContain('{secret}')
  }
  expect(secret).toMatchObject({ accessKey: 'A', secret: 'S', sessionToken: 'T' })
})
