import { execFile } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { repository } from '../repository.ts'

export interface MachineFacts {
  readonly cpu: string
  readonly cores: number
  /** 10^6 bytes */
  readonly memoryMB: number
  readonly platform: string
  readonly node: string
  /** Absent where the sources are no git checkout. */
  readonly commit?: string
  /** Whether files differ from that commit. */
  readonly isModified?: boolean
}

export async function machineFacts(): Promise<MachineFacts> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryMB: Math.round(totalmem() / 1e6),
    platform: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    ...(await checkout()),
  }
}

async function checkout(): Promise<Pick<MachineFacts, 'commit' | 'isModified'>> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: repository })).stdout.trim()
  try {
    return { commit: await git('rev-parse', 'HEAD'), isModified: (await git('status', '--porcelain')) !== '' }
  } catch {
    // An archive without .git, or no git: the result then names no commit
    return {}
  }
}
