import type { DisconnectReason } from '@livekit/protocol'
import type { Logger } from 'pino'
import type { Counters } from '../counters.ts'
import type { FaultLog } from '../fault-log.ts'
import type { Settings } from '../local-livekit-options.ts'
import type { WebhookNotifier } from '../webhooks/webhook-notifier.ts'
import { Room, type RoomCreation } from './room.ts'
import { SPEAKER_INTERVAL_MS } from './speaker-observer.ts'

const LAYER_INTERVAL_MS = 200
const TICK_INTERVAL_MS = 1_000

/** livekit-server's text about a `roomPreset` that its configuration does not have; this one has none. */
export const UNKNOWN_PRESET = 'unknown room configuration in create room request'

export interface RoomRegistryOptions {
  settings: Settings
  counters: Counters
  logger: Logger
  webhooks: WebhookNotifier
  faults: FaultLog
}

/** All rooms of a server, and the clockwork that keeps them going. */
export class RoomRegistry {
  readonly #options: RoomRegistryOptions
  readonly #rooms = new Map<string, Room>()
  readonly #timers: NodeJS.Timeout[]
  #closed = false

  constructor(options: RoomRegistryOptions) {
    this.#options = options
    this.#timers = [
      this.#every(LAYER_INTERVAL_MS, (room) => room.selectLayers(performance.now())),
      this.#every(TICK_INTERVAL_MS, (room) => room.tick(performance.now())),
      this.#every(SPEAKER_INTERVAL_MS, (room) => room.updateSpeakers()),
    ]
  }

  get all(): readonly Room[] {
    return [...this.#rooms.values()]
  }

  find(name: string): Room | undefined {
    return this.#rooms.get(name)
  }

  /** The room of this name; it is made with `creation`'s options when it is not there. Undefined after `close`. */
  ensure(name: string, creation?: RoomCreation): Room | undefined {
    const existing = this.#rooms.get(name)
    if (existing || this.#closed) return existing
    const { settings, counters, logger, webhooks } = this.#options
    const room = new Room(
      {
        name,
        settings,
        counters,
        logger,
        notify: (news) => webhooks.notify(`room ${name}`, news),
        onEnded: (ended) => {
          if (this.#rooms.get(name) === ended) this.#rooms.delete(name)
        },
      },
      creation,
    )
    this.#rooms.set(name, room)
    return room
  }

  /** Ends all rooms; none may be made afterwards. */
  close(reason: DisconnectReason): void {
    this.#closed = true
    for (const timer of this.#timers) clearInterval(timer)
    for (const room of this.all) room.end(reason)
  }

  #every(intervalMs: number, work: (room: Room) => void): NodeJS.Timeout {
    return setInterval(() => {
      for (const room of this.all)
        try {
          work(room)
        } catch (error) {
          // What is wrong in one room must not stop the others
          this.#options.faults.add('room-clockwork-failed', error)
        }
    }, intervalMs)
  }
}
