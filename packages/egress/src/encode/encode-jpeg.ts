import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  AVCOL_RANGE_JPEG,
  FF_ENCODER_MJPEG,
  SWS_BILINEAR,
} from 'node-av/constants'
import {
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  Frame,
  Packet,
  Rational,
  SoftwareScaleContext,
} from 'node-av/lib'
import type { Canvas } from '../composite/canvas.ts'

/** FFmpeg's scale of 2 (best) to 31. */
const JPEG_QUALITY = '4'

/** Scales a picture to a size, without keeping its shape, and encodes it as JPEG (full range). */
export async function encodeJpeg(picture: Canvas, widthPx: number, heightPx: number): Promise<Buffer> {
  const codec = Codec.findEncoderByName(FF_ENCODER_MJPEG)
  if (!codec) throw new Error('This build of FFmpeg has no MJPEG encoder.')
  using frame = new Frame()
  frame.alloc()
  frame.width = widthPx
  frame.height = heightPx
  frame.format = AV_PIX_FMT_YUVJ420P
  frame.colorRange = AVCOL_RANGE_JPEG
  FFmpegError.throwIfError(frame.getBuffer(0), 'allocate an image')
  using scaler = new SoftwareScaleContext()
  scaler.getContext(
    picture.width,
    picture.height,
    AV_PIX_FMT_YUV420P,
    widthPx,
    heightPx,
    AV_PIX_FMT_YUVJ420P,
    SWS_BILINEAR,
  )
  const { buffers, strides } = picture.planes()
  const target = frame.data ?? []
  scaler.scaleSync(buffers, strides, 0, picture.height, target.slice(0, 3), frame.linesize.slice(0, 3))
  frame.pts = 0n

  using context = new CodecContext()
  context.allocContext3(codec)
  context.width = widthPx
  context.height = heightPx
  context.pixelFormat = AV_PIX_FMT_YUVJ420P
  context.colorRange = AVCOL_RANGE_JPEG
  context.timeBase = new Rational(1, 1)
  using options = Dictionary.fromObject({ qmin: JPEG_QUALITY, qmax: JPEG_QUALITY })
  FFmpegError.throwIfError(await context.open2(codec, options), 'open the JPEG encoder')
  FFmpegError.throwIfError(await context.sendFrame(frame), 'encode an image')
  using packet = new Packet()
  packet.alloc()
  FFmpegError.throwIfError(await context.receivePacket(packet), 'take an image')
  if (!packet.data) throw new Error('The JPEG encoder gave no data.')
  // The packet's memory goes with it
  return Buffer.from(packet.data)
}
