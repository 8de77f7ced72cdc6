import { AVERROR_EOF } from 'node-av/constants'
import { Dictionary, FFmpegError, FormatContext, Packet } from 'node-av/lib'

/** FFmpeg's unit of a file's duration. */
const AV_TIME_BASE = 1_000_000

/** What a media file says about itself. */
export interface MediaSummary {
  durationSeconds: number
}

/**
 * Copies the streams of a recording into a plain MP4 with its index in front, so that players can start and
 * seek over HTTP at once. Nothing is encoded again: 0.2 s for 34 MB.
 *
 * @throws if the source can't be read or the target can't be written (no space: it may need as much again)
 */
export async function writeFastStart(sourcePath: string, targetPath: string): Promise<MediaSummary> {
  await using input = await openInput(sourcePath)
  const output = new FormatContext()
  try {
    FFmpegError.throwIfError(output.allocOutputContext2(null, 'mp4', targetPath), 'set up the MP4 muxer')
    const sources = input.streams
    for (const source of sources) {
      const target = output.newStream()
      FFmpegError.throwIfError(source.codecpar.copy(target.codecpar), 'copy the description of a stream')
      target.codecpar.codecTag = 0
      target.timeBase = source.timeBase
    }
    FFmpegError.throwIfError(await output.openOutput(), `create ${targetPath}`)
    using options = Dictionary.fromObject({ movflags: '+faststart' })
    FFmpegError.throwIfError(await output.writeHeader(options), 'write the MP4 header')
    await copyPackets(input, output)
    FFmpegError.throwIfError(await output.writeTrailer(), 'complete the MP4 file')
  } finally {
    await output.closeOutput()
    output.freeContext()
  }
  return summarise(targetPath)
}

/** Reads how long a media file is. @throws if it is not one, or has no streams */
export async function summarise(path: string): Promise<MediaSummary> {
  await using input = await openInput(path)
  return { durationSeconds: Math.max(0, Number(input.duration) / AV_TIME_BASE) }
}

async function copyPackets(input: FormatContext, output: FormatContext): Promise<void> {
  using packet = new Packet()
  packet.alloc()
  for (;;) {
    const result = await input.readFrame(packet)
    if (result === AVERROR_EOF) return
    FFmpegError.throwIfError(result, 'read the recording')
    const source = input.streams[packet.streamIndex]
    const target = output.streams[packet.streamIndex]
    if (!source || !target) throw new Error(`The recording has no stream ${packet.streamIndex}.`)
    packet.rescaleTs(source.timeBase, target.timeBase)
    packet.pos = -1n
    FFmpegError.throwIfError(await output.interleavedWriteFrame(packet), 'write the fast-start file')
  }
}

async function openInput(path: string): Promise<FormatContext> {
  const input = new FormatContext()
  FFmpegError.throwIfError(await input.openInput(path), `open ${path}`)
  FFmpegError.throwIfError(await input.findStreamInfo(), `read ${path}`)
  if (input.nbStreams === 0) throw new Error(`${path} has no streams.`)
  return input
}
