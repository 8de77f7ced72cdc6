import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Counters } from '../counters.ts'
import type { FaultLog } from '../fault-log.ts'
import { parseBindingRequest, type BindingRequest } from '../stun/stun-message.ts'

/** One end of the media path as the socket sees it. */
export interface DatagramReceiver {
  /** A STUN Binding request whose username names this receiver; returns whether it was authentic. */
  onBindingRequest(request: BindingRequest, address: string, port: number): boolean
  onDtls(datagram: Buffer): void
  /** SRTP or SRTCP. */
  onMedia(datagram: Buffer): void
}

interface Peer {
  readonly address: string
  readonly receiver: DatagramReceiver
}

const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
/** Addresses a client may use at once (interfaces, path changes); the oldest is forgotten. */
const MAX_ADDRESSES_PER_RECEIVER = 16

/**
 * One UDP socket for all transports. A peer is found by the user name fragment of its STUN requests; once one was
 * authentic, by its address. Kinds of packets are told apart by their first byte (RFC 7983, section 7).
 */
export class UdpMux {
  readonly #socket: Socket
  readonly #counters: Counters
  readonly #byUfrag = new Map<string, DatagramReceiver>()
  /** Peers by port, because the port nearly always decides and a number is a cheap key. */
  readonly #byPort = new Map<number, Peer[]>()
  readonly #ports = new Map<DatagramReceiver, Map<number, string>>()

  private constructor(socket: Socket, counters: Counters, faults: FaultLog) {
    this.#socket = socket
    this.#counters = counters
    socket.on('message', (datagram, remote) => {
      try {
        this.#receive(datagram, remote)
      } catch (error) {
        // What is wrong with one datagram must not stop the others
        faults.add('datagram-failed', error)
      }
    })
    // A peer that went away makes sends fail (ECONNREFUSED); silence of the peer is what ends its transport
    socket.on('error', () => counters.add('udp-error'))
  }

  /** Binds a free port on `host`, an IPv4 address. */
  static async open(host: string, counters: Counters, faults: FaultLog): Promise<UdpMux> {
    const socket = createSocket({
      type: 'udp4',
      // Every address here is numeric; the default would go through the resolver for each packet
      lookup: (address, _options, done) => done(null, address, 4),
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, host, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    try {
      socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES)
    } catch {
      // The system may cap it; its own default works for a few participants
      counters.add('udp-small-buffer')
    }
    return new UdpMux(socket, counters, faults)
  }

  get port(): number {
    return this.#socket.address().port
  }

  /** From now on requests for `ufrag` go to `receiver`; several names may lead to one receiver. */
  register(ufrag: string, receiver: DatagramReceiver): void {
    this.#byUfrag.set(ufrag, receiver)
  }

  unregister(ufrag: string): void {
    this.#byUfrag.delete(ufrag)
  }

  /** Forgets the addresses of `receiver`. */
  forget(receiver: DatagramReceiver): void {
    for (const [port, address] of this.#ports.get(receiver) ?? []) this.#unbind(port, address)
    this.#ports.delete(receiver)
  }

  send(datagram: Buffer, address: string, port: number): void {
    this.#socket.send(datagram, port, address)
  }

  async close(): Promise<void> {
    this.#byUfrag.clear()
    this.#byPort.clear()
    this.#ports.clear()
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()))
  }

  #receive(datagram: Buffer, remote: RemoteInfo): void {
    const first = datagram[0]
    if (first === undefined) return this.#counters.add('udp-empty')
    if (first <= 3) return this.#receiveStun(datagram, remote)
    const receiver = this.#find(remote.address, remote.port)
    if (!receiver) return this.#counters.add('udp-unknown-peer')
    if (first >= 128 && first <= 191) receiver.onMedia(datagram)
    else if (first >= 20 && first <= 63) receiver.onDtls(datagram)
    else this.#counters.add('udp-unknown-kind')
  }

  #receiveStun(datagram: Buffer, remote: RemoteInfo): void {
    const request = parseBindingRequest(datagram)
    if (typeof request === 'string') return this.#counters.add(`stun-${request}`)
    const receiver = this.#byUfrag.get(request.username.slice(0, request.username.indexOf(':')))
    if (!receiver) return this.#counters.add('stun-unknown-user')
    if (!receiver.onBindingRequest(request, remote.address, remote.port))
      return this.#counters.add('stun-not-authentic')
    if (this.#find(remote.address, remote.port) !== receiver)
      this.#bind(remote.port, remote.address, receiver)
  }

  #find(address: string, port: number): DatagramReceiver | undefined {
    const peers = this.#byPort.get(port)
    if (!peers) return undefined
    for (const peer of peers) if (peer.address === address) return peer.receiver
    return undefined
  }

  #bind(port: number, address: string, receiver: DatagramReceiver): void {
    this.#unbind(port, address)
    const peers = this.#byPort.get(port)
    if (peers) peers.push({ address, receiver })
    else this.#byPort.set(port, [{ address, receiver }])
    let own = this.#ports.get(receiver)
    if (!own) this.#ports.set(receiver, (own = new Map<number, string>()))
    own.set(port, address)
    if (own.size <= MAX_ADDRESSES_PER_RECEIVER) return
    for (const [oldPort, oldAddress] of own) {
      own.delete(oldPort)
      this.#unbind(oldPort, oldAddress)
      break
    }
  }

  #unbind(port: number, address: string): void {
    const peers = this.#byPort.get(port)?.filter((peer) => peer.address !== address)
    if (peers && peers.length > 0) this.#byPort.set(port, peers)
    else this.#byPort.delete(port)
  }
}
