import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants'
import type { CodecContext, Frame, Stream } from 'node-av/lib'
import { FFmpegError, Packet } from 'node-av/lib'

/** Writes a packet to the file; resolves when the packet may be reused. */
export type WritePacket = (packet: Packet) => Promise<void>

/** One opened encoder whose packets go to one stream of the file. Owns the context. */
export class PacketEncoder implements Disposable {
  readonly #context: CodecContext
  readonly #stream: Stream
  readonly #write: WritePacket
  readonly #packet = new Packet()

  constructor(context: CodecContext, stream: Stream, write: WritePacket) {
    this.#context = context
    this.#stream = stream
    this.#write = write
    this.#packet.alloc()
  }

  /**
   * Encodes a frame and writes what comes out. One call at a time.
   *
   * @param frame null: give out what is left; no frame may follow
   */
  async encode(frame: Frame | null): Promise<void> {
    FFmpegError.throwIfError(await this.#context.sendFrame(frame), 'encode a frame')
    for (;;) {
      const result = await this.#context.receivePacket(this.#packet)
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return
      FFmpegError.throwIfError(result, 'take a packet')
      this.#packet.streamIndex = this.#stream.index
      this.#packet.rescaleTs(this.#context.timeBase, this.#stream.timeBase)
      await this.#write(this.#packet)
    }
  }

  [Symbol.dispose](): void {
    this.#packet.free()
    this.#context.freeContext()
  }
}
