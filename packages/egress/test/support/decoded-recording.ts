import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AV_PIX_FMT_YUV420P,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants'
import type { Stream } from 'node-av/lib'
import { Codec, CodecContext, FFmpegError, FormatContext, Frame, Packet } from 'node-av/lib'
import type { YuvColour } from '../../src/composite/canvas.ts'

/** Grid at which a picture is sampled: enough to see which tile is where. */
const SAMPLE_STEP_PX = 8

/** A decoded picture, thinned out. */
export interface DecodedPicture {
  timeSeconds: number
  width: number
  height: number
  at(x: number, y: number): YuvColour
}

export interface DecodedRecording {
  durationSeconds: number
  width: number
  height: number
  pictures: DecodedPicture[]
  /** Mono mix of the audio, from `audioStartSeconds` on; empty without an audio track. */
  audio: Float32Array
  audioRateHz: number
  audioStartSeconds: number
}

/** Decodes a whole MP4. */
export async function decodeRecording(file: Buffer | string): Promise<DecodedRecording> {
  if (typeof file === 'string') return decodeFile(file)
  const folder = await mkdtemp(join(tmpdir(), 'decode-'))
  try {
    const path = join(folder, 'file.mp4')
    await writeFile(path, file)
    return await decodeFile(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function decodeFile(path: string): Promise<DecodedRecording> {
  await using input = new FormatContext()
  FFmpegError.throwIfError(await input.openInput(path), 'open')
  FFmpegError.throwIfError(await input.findStreamInfo(), 'read')
  const result: DecodedRecording = {
    durationSeconds: Number(input.duration) / 1e6,
    width: 0,
    height: 0,
    pictures: [],
    audio: new Float32Array(0),
    audioRateHz: 48_000,
    audioStartSeconds: 0,
  }
  const samples: Float32Array[] = []
  const decoders = input.streams.map(openDecoder)
  using packet = new Packet()
  packet.alloc()
  using frame = new Frame()
  frame.alloc()
  const take = async (decoder: Decoder) => {
    for (;;) {
      const code = await decoder.context.receiveFrame(frame)
      if (code === AVERROR_EAGAIN || code === AVERROR_EOF) return
      FFmpegError.throwIfError(code, 'decode')
      const timeSeconds = Number(frame.pts) * decoder.stream.timeBase.toDouble()
      if (decoder.kind === 'video') {
        result.pictures.push(thinOut(frame, timeSeconds))
      } else {
        if (samples.length === 0) result.audioStartSeconds = timeSeconds
        result.audioRateHz = frame.sampleRate
        samples.push(monoOf(frame))
      }
    }
  }
  for (;;) {
    const code = await input.readFrame(packet)
    const decoder = decoders[packet.streamIndex]
    if (code === AVERROR_EOF) break
    FFmpegError.throwIfError(code, 'read')
    if (!decoder) continue
    FFmpegError.throwIfError(await decoder.context.sendPacket(packet), 'decode')
    await take(decoder)
  }
  for (const decoder of decoders) {
    await decoder.context.sendPacket(null)
    await take(decoder)
    decoder.context.freeContext()
  }
  const [first] = result.pictures
  return { ...result, width: first?.width ?? 0, height: first?.height ?? 0, audio: concat(samples) }
}

interface Decoder {
  kind: 'video' | 'audio'
  context: CodecContext
  stream: Stream
}

function openDecoder(stream: Stream): Decoder {
  const { codecpar } = stream
  const codec = Codec.findDecoder(codecpar.codecId)
  if (!codec) throw new Error('No decoder.')
  const context = new CodecContext()
  context.allocContext3(codec)
  FFmpegError.throwIfError(context.parametersToContext(codecpar), 'set up the decoder')
  FFmpegError.throwIfError(context.open2Sync(codec, null), 'open the decoder')
  if (codecpar.codecType === AVMEDIA_TYPE_VIDEO) return { kind: 'video', context, stream }
  if (codecpar.codecType === AVMEDIA_TYPE_AUDIO) return { kind: 'audio', context, stream }
  throw new Error('A stream is neither video nor audio.')
}

function thinOut(frame: Frame, timeSeconds: number): DecodedPicture {
  if (frame.format !== AV_PIX_FMT_YUV420P) throw new Error(`Unexpected pixel format ${frame.format}.`)
  const { width, height } = frame
  const [luma, u, v] = frame.data ?? []
  const [lumaStride = 0, uStride = 0, vStride = 0] = frame.linesize
  if (!luma || !u || !v) throw new Error('A frame without picture.')
  const columns = Math.ceil(width / SAMPLE_STEP_PX)
  const rows = Math.ceil(height / SAMPLE_STEP_PX)
  const thin = new Uint8Array(columns * rows * 3)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = column * SAMPLE_STEP_PX
      const y = row * SAMPLE_STEP_PX
      thin[at++] = luma[y * lumaStride + x] ?? 0
      thin[at++] = u[(y >> 1) * uStride + (x >> 1)] ?? 0
      thin[at++] = v[(y >> 1) * vStride + (x >> 1)] ?? 0
    }
  }
  return {
    timeSeconds,
    width,
    height,
    at: (x, y) => {
      const start = (Math.round(y / SAMPLE_STEP_PX) * columns + Math.round(x / SAMPLE_STEP_PX)) * 3
      return { y: thin[start] ?? 0, u: thin[start + 1] ?? 0, v: thin[start + 2] ?? 0 }
    },
  }
}

function monoOf(frame: Frame): Float32Array {
  if (frame.format !== AV_SAMPLE_FMT_FLTP) throw new Error(`Unexpected sample format ${frame.format}.`)
  const channels = (frame.data ?? [])
    .slice(0, frame.channels)
    .map(
      (plane) =>
        new Float32Array(plane.buffer.slice(plane.byteOffset, plane.byteOffset + frame.nbSamples * 4)),
    )
  return Float32Array.from({ length: frame.nbSamples }, (_, index) => {
    let sum = 0
    for (const channel of channels) sum += channel[index] ?? 0
    return sum / channels.length
  })
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Amplitude of one frequency in a stretch of sound (Goertzel); 0 … 1. */
export function toneLevel(samples: Float32Array, rateHz: number, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / rateHz)
  let before = 0
  let last = 0
  for (const sample of samples) {
    const next = sample + coefficient * last - before
    before = last
    last = next
  }
  const power = last * last + before * before - coefficient * last * before
  return (2 * Math.sqrt(Math.max(0, power))) / samples.length
}

/** A stretch of the recording's sound, by its time. */
export function audioBetween(recording: DecodedRecording, from: number, to: number): Float32Array {
  const { audio, audioRateHz, audioStartSeconds } = recording
  const index = (time: number) => Math.max(0, Math.round((time - audioStartSeconds) * audioRateHz))
  return audio.subarray(index(from), index(to))
}

/** True if two colours look alike after encoding twice. */
export function isColour(found: YuvColour, wanted: YuvColour, tolerance = 24): boolean {
  return (['y', 'u', 'v'] as const).every((plane) => Math.abs(found[plane] - wanted[plane]) <= tolerance)
}

/** Share of a picture's sampled points that have a colour. */
export function shareOf(picture: DecodedPicture, colour: YuvColour): number {
  let hits = 0
  let points = 0
  for (let y = 0; y < picture.height; y += SAMPLE_STEP_PX) {
    for (let x = 0; x < picture.width; x += SAMPLE_STEP_PX) {
      points++
      if (isColour(picture.at(x, y), colour)) hits++
    }
  }
  return hits / points
}
