import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { ENVIRONMENT_NAMES } from './env.ts'

it('the README has every variable of the environment, and no other', async () => {
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8')
  const table = readme.slice(readme.indexOf('## Environment'), readme.indexOf('## Where things are'))
  const documented = [...table.matchAll(/^\| `([A-Z0-9_]+)` *\|/gm)].map(([, name]) => name)
  expect(new Set(documented)).toEqual(new Set(ENVIRONMENT_NAMES))
})
