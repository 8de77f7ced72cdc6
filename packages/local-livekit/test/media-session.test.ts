import { createSocket } from 'node:dgram'
import { DisconnectReason, LeaveRequest_Action } from '@livekit/protocol'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { Counters } from '../src/counters.ts'
import { FaultLog } from '../src/fault-log.ts'
import { MediaTransport } from '../src/transport/media-transport.ts'
import { UdpMux } from '../src/transport/udp-mux.ts'
import { createDtlsCertificate } from '../src/transport/werift.ts'
import { bindingRequest } from './support/binding-request.ts'
import { eventually } from './support/eventually.ts'
import { connectRawPublisher } from './support/raw-publisher.ts'
import { startLocalServer } from './support/server.ts'

/** A DTLS record with the alert close_notify (RFC 6347, section 4.1; RFC 5246, section 7.2). */
const CLOSE_NOTIFY = Buffer.from('15fefd000000000000000000020100', 'hex')

const CAMERA = { cid: 'camera', kind: 'video', payloadType: 96, codec: 'VP8/90000', ssrc: 1 } as const

it('a client that loses one of its two media paths has to start over', async () => {
  await using server = await startLocalServer()
  const { peer, messages, cut } = await connectRawPublisher(server, { identity: 'alice', room: 'half' }, [
    CAMERA,
  ])
  peer.sendDatagram(CLOSE_NOTIFY)
  const leave = await eventually('it is told', () => messages.find((message) => message.case === 'leave'))
  expect(leave.value).toMatchObject({
    reason: DisconnectReason.MEDIA_FAILURE,
    action: LeaveRequest_Action.RECONNECT,
  })
  cut()
})

it('a transport that is closed takes no new ICE credentials', async () => {
  const counters = new Counters()
  const logger = pino({ level: 'silent' })
  const mux = await UdpMux.open('127.0.0.1', counters, new FaultLog(counters, logger))
  const transport = new MediaTransport({
    mux,
    certificate: await createDtlsCertificate(),
    counters,
    logger,
    events: {
      onConnected: () => undefined,
      onRtp: () => undefined,
      onRtcp: () => undefined,
      onDataMessage: () => undefined,
      onFailed: () => undefined,
    },
  })
  transport.close()
  transport.restartIce()
  const socket = createSocket('udp4')
  socket.send(bindingRequest(`${transport.iceUfrag}:x`, 'wrong'), mux.port, '127.0.0.1')
  await eventually('the check is dealt with', () => Object.keys(counters.snapshot()).length > 0)
  expect(counters.snapshot()).toEqual({ 'stun-unknown-user': 1 })
  socket.close()
  await mux.close()
})
