import { access } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { readRepositoryFile } from './deploy-files.ts'

describe('docs/deployment.md', () => {
  it('names files that there are', async () => {
    const page = await readRepositoryFile('docs/deployment.md')
    const named = [...page.matchAll(/deploy\/[\w./-]*\w/g)].map(([path]) => path)
    // What the reader makes of .env.example
    const paths = new Set(named.filter((path) => path !== 'deploy/.env'))
    expect(paths.size).toBeGreaterThan(4)
    await Promise.all([...paths].map((path) => access(new URL(`../../../../${path}`, import.meta.url))))
  })
})
