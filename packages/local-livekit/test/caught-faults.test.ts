import { createSocket } from 'node:dgram'
import { DisconnectReason } from '@livekit/protocol'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { TokenAuthority } from '../src/access-token/token-authority.ts'
import { Counters } from '../src/counters.ts'
import { FaultLog } from '../src/fault-log.ts'
import { settingsOf } from '../src/local-livekit-options.ts'
import { RoomRegistry } from '../src/room/room-registry.ts'
import { UdpMux } from '../src/transport/udp-mux.ts'
import { WebhookNotifier } from '../src/webhooks/webhook-notifier.ts'
import { bindingRequest } from './support/binding-request.ts'
import { eventually } from './support/eventually.ts'

const KEYS = { apiKey: 'devkey', apiSecret: 'secret-secret-secret-secret-secret' }
const fail = (): never => {
  throw new Error('a fault of ours')
}

it('a datagram whose receiver has a fault is counted, and the next one is received', async () => {
  const lines: string[] = []
  const counters = new Counters()
  const logger = pino({ level: 'error' }, { write: (line: string) => lines.push(line) })
  const mux = await UdpMux.open('127.0.0.1', counters, new FaultLog(counters, logger))
  mux.register('faulty', { onBindingRequest: fail, onDtls: fail, onMedia: fail })
  const socket = createSocket('udp4')
  for (const user of ['faulty', 'faulty', 'nobody'])
    socket.send(bindingRequest(`${user}:x`, 'any'), mux.port, '127.0.0.1')
  await eventually('the last one is received', () => counters.get('stun-unknown-user') === 1)
  expect(counters.get('datagram-failed')).toBe(2)
  // As many could come as there are packets
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('a fault of ours')
  socket.close()
  await mux.close()
})

it('a room whose clockwork has a fault does not stop the others', async () => {
  const counters = new Counters()
  const logger = pino({ level: 'silent' })
  const settings = settingsOf(KEYS)
  const authority = new TokenAuthority(KEYS.apiKey, KEYS.apiSecret)
  const webhooks = new WebhookNotifier({
    urls: [],
    authority,
    retryDelaysMs: [],
    maxAgeSeconds: 0,
    logger,
    counters,
  })
  const faults = new FaultLog(counters, logger)
  const rooms = new RoomRegistry({ settings, counters, logger, webhooks, faults })
  const calls = { tick: 0, selectLayers: 0, updateSpeakers: 0 }
  Object.assign(rooms.ensure('faulty') ?? {}, { tick: fail, selectLayers: fail, updateSpeakers: fail })
  Object.assign(rooms.ensure('sound') ?? {}, {
    tick: () => calls.tick++,
    selectLayers: () => calls.selectLayers++,
    updateSpeakers: () => calls.updateSpeakers++,
  })
  await eventually('all is done for the sound one', () => Object.values(calls).every((count) => count > 0))
  expect(counters.get('room-clockwork-failed')).toBeGreaterThanOrEqual(3)
  rooms.close(DisconnectReason.SERVER_SHUTDOWN)
})
