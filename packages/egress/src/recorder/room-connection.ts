import { setTimeout as delay } from 'node:timers/promises'
import { DisconnectReason, Room, RoomEvent } from '@livekit/rtc-node'

export interface RoomConnectionOptions {
  url: string
  token: string
  /** The room session to record; '' if unknown. A room of the same name that came later is another one. */
  roomId: string
  autoSubscribe: boolean
  joinTimeoutMs: number
  rejoinTimeoutMs: number
  /** A new room object has been made: hang listeners on it. Called before each attempt to join. */
  onRoom: (room: Room) => void
  /** Joined: the room's participants are known. (rtc-node declares a `connected` event and never emits it.) */
  onJoined: (room: Room) => void
  /** The connection is gone and will be tried anew: tracks of the room object before are dead. */
  onLost: () => void
  onLog: (message: string, fields: Record<string, unknown>) => void
}

/** Why a connection ended for good. */
export type ConnectionEnd = { kind: 'room_ended' } | { kind: 'closed' } | { kind: 'lost'; message: string }

const FIRST_RETRY_MS = 250
const MAX_RETRY_MS = 4000
const ATTEMPT_TIMEOUT_MS = 15_000
const DISCONNECT_TIMEOUT_MS = 2000

/** With these the server says that it is over; after all others it is worth joining again. */
const FINAL_REASONS = new Set<DisconnectReason>([
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.DUPLICATE_IDENTITY,
])

/**
 * Keeps the recorder in the room: joins, lets rtc-node resume by itself, and joins anew when that has given
 * up, until the room ends, the time for it is over or it is closed.
 */
export class RoomConnection {
  readonly #options: RoomConnectionOptions
  readonly #closed = new AbortController()
  #room: Room | null = null

  constructor(options: RoomConnectionOptions) {
    this.#options = options
  }

  /**
   * Joins for the first time.
   *
   * @returns a promise of the end of the connection, inside an object so that it is not awaited by accident
   * @throws if the room could not be joined in time, is not the one asked for, or `close` was called
   */
  async join(): Promise<{ end: Promise<ConnectionEnd> }> {
    const deadline = performance.now() + this.#options.joinTimeoutMs
    const joined = await this.#joinBefore(deadline)
    return { end: this.#stay(joined) }
  }

  /** Leaves. Safe to call at any time. */
  async close(): Promise<void> {
    this.#closed.abort()
    const room = this.#room
    this.#room = null
    if (room) await leave(room)
  }

  async #stay(first: Joined): Promise<ConnectionEnd> {
    let joined = first
    for (;;) {
      const reason = await Promise.race([joined.disconnected, aborted(this.#closed.signal)])
      if (reason === 'aborted') return { kind: 'closed' }
      if (FINAL_REASONS.has(reason)) return { kind: 'room_ended' }
      this.#options.onLog('connection to the room lost', { reason: DisconnectReason[reason] })
      this.#options.onLost()
      try {
        joined = await this.#joinBefore(performance.now() + this.#options.rejoinTimeoutMs)
      } catch (error) {
        if (this.#closed.signal.aborted) return { kind: 'closed' }
        if (error instanceof RoomEndedError) return { kind: 'room_ended' }
        return { kind: 'lost', message: messageOf(error) }
      }
    }
  }

  /** Tries again and again. */
  async #joinBefore(deadline: number): Promise<Joined> {
    let pause = FIRST_RETRY_MS
    for (;;) {
      this.#closed.signal.throwIfAborted()
      try {
        return await this.#joinOnce(
          Math.min(ATTEMPT_TIMEOUT_MS, Math.max(1000, deadline - performance.now())),
        )
      } catch (error) {
        if (error instanceof RoomEndedError || this.#closed.signal.aborted) throw error
        if (performance.now() + pause >= deadline) throw error
        this.#options.onLog('joining the room failed, trying again', { error: messageOf(error) })
      }
      await delay(pause, undefined, { signal: this.#closed.signal })
      pause = Math.min(pause * 2, MAX_RETRY_MS)
    }
  }

  async #joinOnce(timeoutMs: number): Promise<Joined> {
    const { url, token, roomId, autoSubscribe, onRoom } = this.#options
    const room = new Room()
    this.#room = room
    const disconnected = new Promise<DisconnectReason>((resolve) => {
      room.once(RoomEvent.Disconnected, resolve)
    })
    onRoom(room)
    const joining = room.connect(url, token, { autoSubscribe, dynacast: false })
    // Not awaited any more after a timeout
    joining.catch(() => undefined)
    const timer = delay(timeoutMs, 'timeout' as const)
    if ((await Promise.race([joining, timer, aborted(this.#closed.signal)])) !== undefined) {
      await leave(room)
      throw new Error(`Joining took longer than ${Math.round(timeoutMs)} ms.`)
    }
    const sid = await Promise.race([room.getSid(), delay(timeoutMs, '')])
    if (roomId !== '' && sid !== '' && sid !== roomId) {
      await leave(room)
      throw new RoomEndedError(`The room session ${roomId} is over.`)
    }
    this.#options.onJoined(room)
    return { disconnected }
  }
}

/** A connection that stands. (A promise alone would be awaited along with the one it comes in.) */
interface Joined {
  disconnected: Promise<DisconnectReason>
}

/** The room of that name is another one now. */
export class RoomEndedError extends Error {
  override readonly name = 'RoomEndedError'
}

/** rtc-node's `disconnect` has no time limit of its own. */
async function leave(room: Room): Promise<void> {
  await Promise.race([room.disconnect().catch(() => undefined), delay(DISCONNECT_TIMEOUT_MS)])
}

function aborted(signal: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    else signal.addEventListener('abort', () => resolve('aborted'), { once: true })
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
