import { connect } from 'node:net'
import { freePort } from '@roomreel/tooling/free-port'
import { runProgram, type RunningProgram } from './run-program.ts'

export interface RedisServer extends RunningProgram {
  readonly port: number
  readonly url: string
}

/** A Redis that keeps nothing on disk. @param port default: a free one */
export async function startRedisServer(port?: number): Promise<RedisServer> {
  const used = port ?? (await freePort())
  const program = await runProgram({
    name: 'redis-server',
    args: ['--port', String(used), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    isReady: () => pongs(used),
  })
  return { ...program, port: used, url: `redis://127.0.0.1:${used}` }
}

function pongs(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (isReady: boolean): void => {
      socket.destroy()
      resolve(isReady)
    }
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (data) => answer(data.toString().startsWith('+PONG')))
    socket.once('error', () => answer(false))
    socket.once('close', () => answer(false))
  })
}
