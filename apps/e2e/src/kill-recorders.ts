import { readdir, readFile } from 'node:fs/promises'

/**
 * Kills the recorder processes of an egress worker, as the machine does that has no memory left.
 * @param workerPid its process
 * @returns how many there were
 */
export async function killRecorders(workerPid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  let killed = 0
  for (const pid of pids) {
    if (!(await isRecorderOf(workerPid, pid))) continue
    process.kill(Number(pid), 'SIGKILL')
    killed += 1
  }
  return killed
}

async function isRecorderOf(workerPid: number, pid: string): Promise<boolean> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    return status.includes(`PPid:\t${workerPid}\n`) && command.includes('recorder-process')
  } catch {
    // It has ended since the folder was read
    return false
  }
}
