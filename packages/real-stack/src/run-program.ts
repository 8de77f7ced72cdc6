import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isAbsolute } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram } from '@roomreel/tooling/programs'

/** A program that serves something on loopback. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number
  /** The last it has printed, for messages of failed tests. */
  output(): string
  /** Ends it; resolves when it has ended. @param signal default SIGKILL: livekit-server may wait for people on SIGTERM */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface ProgramOptions {
  /** As it is found on PATH, or a whole path. */
  name: string
  args: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Whether it serves already; asked again until it does. */
  isReady: () => Promise<boolean>
  /** Most that it may take until it serves, in ms. Default: a minute, which a busy machine does not need. */
  startLimitMs?: number
}

const OUTPUT_KEPT = 20_000
const START_LIMIT_MS = 60_000
const POLL_INTERVAL_MS = 20

/** @throws if the program is not installed, ends before it serves, or does not serve in time */
export async function runProgram(options: ProgramOptions): Promise<RunningProgram> {
  const { name, args, env = {}, isReady, startLimitMs = START_LIMIT_MS } = options
  const path = isAbsolute(name) ? name : findProgram(name)
  if (!path) throw new Error(`${name} is not installed: npm run test:real brings it`)
  const child = spawn(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child, 'spawn')
  const exited = once(child, 'exit')
  let output = ''
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT)
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  // A test that breaks off must not leave it behind
  const kill = (): void => void child.kill('SIGKILL')
  process.on('exit', kill)
  child.once('exit', () => process.off('exit', kill))

  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const { pid } = child
  if (pid === undefined) throw new Error(`${name} has no process id`)
  const stop = async (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    if (!hasEnded()) child.kill(signal)
    await exited
  }
  const ended = exited.then(() => 'ended' as const)
  const late = delay(startLimitMs, 'late' as const, { ref: false })
  for (;;) {
    // What asks may wait for ever, too: for who accepts a connection and says nothing
    const state = await Promise.race([ended, late, isReady().then((ready) => (ready ? 'ready' : 'waiting'))])
    if (state === 'ready') break
    if (state === 'ended')
      throw new Error(`${name} ended with status ${child.exitCode ?? child.signalCode}:\n${output}`)
    if (state === 'late') {
      await stop()
      throw new Error(`${name} did not serve within ${startLimitMs} ms:\n${output}`)
    }
    await delay(POLL_INTERVAL_MS)
  }
  return { pid, output: () => output, stop, [Symbol.asyncDispose]: () => stop() }
}

/** Whether a GET is answered with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    // Nothing listens there yet
    return false
  }
}
