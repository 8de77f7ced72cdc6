import { readdir, readFile } from 'node:fs/promises'

/**
 * Kills the recorder processes of a server, as the machine does that has no memory left.
 * @param serverPid its process
 * @returns how many there were
 */
export async function killRecorders(serverPid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  let killed = 0
  for (const pid of pids) {
    if (!(await isRecorderOf(serverPid, pid))) continue
    process.kill(Number(pid), 'SIGKILL')
    killed += 1
  }
  return killed
}

async function isRecorderOf(serverPid: number, pid: string): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    return status.includes(`PPid:\t${serverPid}\n`) && command.includes('recorder-process')
  } catch {
    // It has ended since the folder was read
    return false
  }
}
