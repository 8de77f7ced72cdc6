import { SignalRequest, SignalResponse } from '@livekit/protocol'
import { WebSocket, type RawData } from 'ws'
import type { Counters } from '../counters.ts'
import type { SignalLink, SignalMessage } from '../room/participant.ts'

/** A client that does not read is given up beyond this. */
const MAX_BUFFERED_BYTES = 8 * 1024 * 1024
/** A client sends a handful of messages a second; a thousand is a flood. */
const MAX_MESSAGES_PER_WINDOW = 1_000
const WINDOW_MS = 1_000
/** WebSocket close codes (RFC 6455, section 7.4.1). */
const CLOSE = { normal: 1000, unsupportedData: 1003, policyViolation: 1008 } as const

export interface SignalConnectionOptions {
  socket: WebSocket
  counters: Counters
  /** Silence after which the connection is closed. */
  idleTimeoutMs: number
  onRequest: (request: SignalRequest['message']) => void
  /** The connection is gone, whoever closed it. */
  onClosed: () => void
}

/** One client's signalling WebSocket: protobuf in binary frames, or JSON in text frames when the client uses those. */
export class SignalConnection implements SignalLink {
  readonly #options: SignalConnectionOptions
  readonly #idleTimer: NodeJS.Timeout
  #isJson = false
  #lastMessageMs = performance.now()
  #windowStartMs = performance.now()
  #windowCount = 0

  constructor(options: SignalConnectionOptions) {
    this.#options = options
    const { socket } = options
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary))
    socket.on('close', () => {
      clearInterval(this.#idleTimer)
      options.onClosed()
    })
    this.#idleTimer = setInterval(() => this.#checkIdle(), Math.max(10, options.idleTimeoutMs / 4))
  }

  send(message: SignalMessage): void {
    const { socket, counters } = this.#options
    if (socket.readyState !== WebSocket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      counters.add('signal-not-read')
      socket.terminate()
      return
    }
    const response = new SignalResponse({ message })
    socket.send(this.#isJson ? response.toJsonString() : response.toBinary())
  }

  close(): void {
    this.#options.socket.close(CLOSE.normal)
  }

  #receive(data: RawData, isBinary: boolean): void {
    const { socket, counters, onRequest } = this.#options
    this.#lastMessageMs = performance.now()
    if (this.#isFlood()) {
      counters.add('signal-flood')
      socket.close(CLOSE.policyViolation)
      return
    }
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)])
    this.#isJson = !isBinary
    const request = parseRequest(bytes, isBinary)
    if (!request) {
      counters.add('signal-malformed')
      socket.close(CLOSE.unsupportedData)
      return
    }
    onRequest(request.message)
  }

  #isFlood(): boolean {
    const now = performance.now()
    if (now - this.#windowStartMs > WINDOW_MS) {
      this.#windowStartMs = now
      this.#windowCount = 0
    }
    this.#windowCount++
    return this.#windowCount > MAX_MESSAGES_PER_WINDOW
  }

  #checkIdle(): void {
    if (performance.now() - this.#lastMessageMs < this.#options.idleTimeoutMs) return
    this.#options.counters.add('signal-idle')
    this.#options.socket.terminate()
  }
}

function parseRequest(bytes: Buffer, isBinary: boolean): SignalRequest | undefined {
  try {
    return isBinary
      ? SignalRequest.fromBinary(bytes)
      : SignalRequest.fromJsonString(bytes.toString(), { ignoreUnknownFields: true })
  } catch {
    // No SignalRequest; the caller counts it and closes the connection
    return undefined
  }
}
