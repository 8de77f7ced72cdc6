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
}

const OUTPUT_KEPT = 20_000

/** @throws if the program is not installed, or ends before it serves */
export async function runProgram({ name, args, env = {}, isReady }: ProgramOptions): Promise<RunningProgram> {
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
  while (!(await isReady())) {
    if (hasEnded())
      throw new Error(`${name} ended with status ${child.exitCode ?? child.signalCode}:\n${output}`)
    await delay(20)
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
