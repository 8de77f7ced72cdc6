/** What Linux says of running processes (proc(5)); the figures that need it have no answer elsewhere. */
import { readdir, readFile } from 'node:fs/promises'

/** USER_HZ: fixed at 100 for user space on every architecture Linux runs Node on. */
const TICKS_PER_SECOND = 100

export interface ProcessStat {
  readonly pid: number
  readonly parentPid: number
  /** User and system time since it started, all threads. */
  readonly cpuSeconds: number
}

/**
 * Reads one line of `/proc/<pid>/stat`: the name in parentheses may hold anything, so fields count from its end.
 * @throws Error when it is no such line
 */
export function parseStat(line: string): ProcessStat {
  const pid = Number.parseInt(line, 10)
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  // Fields 4 (ppid), 14 (utime) and 15 (stime) of proc(5); the first after the name is field 3
  const [parentPid, userTicks, systemTicks] = [Number(fields[1]), Number(fields[11]), Number(fields[12])]
  if (![pid, parentPid, userTicks, systemTicks].every(Number.isInteger)) {
    throw new Error(`Not a line of /proc/<pid>/stat: ${line}`)
  }
  return { pid, parentPid, cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND }
}

/** CPU time of a process so far, in seconds. @throws the system's error when it is gone */
export async function cpuSeconds(pid: number): Promise<number> {
  return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8')).cpuSeconds
}

/** Memory of a process in 10^6 bytes: what it holds now, and the most it held. */
export async function memory(pid: number): Promise<{ readonly rssMB: number; readonly peakRssMB: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number => {
    const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
    if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no ${name}.`)
    return (Number(kibibytes) * 1024) / 1e6
  }
  return { rssMB: field('VmRSS'), peakRssMB: field('VmHWM') }
}

/** All processes below one, itself not included. */
export async function descendants(ancestor: number): Promise<number[]> {
  const stats: ProcessStat[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      stats.push(parseStat(await readFile(`/proc/${name}/stat`, 'utf8')))
    } catch {
      // It ended between the listing and the reading
      continue
    }
  }
  const found = new Set([ancestor])
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const { pid, parentPid } of stats) if (found.has(parentPid)) found.add(pid)
  }
  found.delete(ancestor)
  return [...found]
}

/** The arguments a process was started with. */
export async function commandLine(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').slice(0, -1)
}
