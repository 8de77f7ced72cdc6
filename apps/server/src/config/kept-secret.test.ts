import { OperatorError } from '@roomreel/service'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { keptSecret } from './kept-secret.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomreel-secret-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

it('is the same at the next start', async () => {
  const made = await keptSecret(join(folder, 'data'), 'session-secret', 32)
  expect(made.length).toBeGreaterThan(32)
  expect(await keptSecret(join(folder, 'data'), 'session-secret', 32)).toBe(made)
})

it('tells which variables help where no folder can be made', async () => {
  const file = join(folder, 'a-file')
  await writeFile(file, '')
  const refused = keptSecret(join(file, 'data'), 'admin-password', 12)
  await expect(refused).rejects.toThrow(OperatorError)
  await expect(refused).rejects.toThrow(/^ADMIN_PASSWORD is not set.*Set ADMIN_PASSWORD, or DATA_DIR/)
})
