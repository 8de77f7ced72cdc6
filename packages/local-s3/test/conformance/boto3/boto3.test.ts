import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findPython } from '@roomreel/tooling/python-packages'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startEndpoint, type World } from '../start-endpoint.ts'

const SCRIPT = fileURLToPath(new URL('checks.py', import.meta.url))

const resultSchema = z.object({ name: z.string(), error: z.string().optional() })

/** The lines of the script's output, which are JSON. */
async function runScript(...args: readonly string[]): Promise<unknown[]> {
  const python = findPython()
  if (python === undefined) throw new Error('boto3 is not installed: npm run test:real brings it')
  // Nothing of this machine's own AWS or proxy
  const env = {
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    NO_PROXY: '*',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONUTF8: '1',
  }
  const { stdout } = await promisify(execFile)(python, [SCRIPT, ...args], { env })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as unknown)
}

const names = z.array(z.string()).parse(await runScript())

/** Both at once, whatever the run is for: what boto3 needs of an S3 is in its script, and it is there in the real world alone. */
describe.each<World>(['local-s3', 'minio'])('boto3 with %s', (world) => {
  const outcomes = new Map<string, string>()
  beforeAll(async () => {
    await using endpoint = await startEndpoint(world)
    const results = z.array(resultSchema).parse(await runScript(world, endpoint.url))
    for (const { name, error } of results) outcomes.set(name, error ?? 'passed')
  })

  it.each(names)('%s', (name) => {
    expect(outcomes.get(name)).toBe('passed')
  })
})
