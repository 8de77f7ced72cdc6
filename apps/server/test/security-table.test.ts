import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = new URL('../../../', import.meta.url)

it('SECURITY.md names tests that there are, one at least for each threat', async () => {
  const text = await readFile(new URL('SECURITY.md', ROOT), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:what |-)/.test(line))
  expect(rows.length).toBeGreaterThan(10)
  const testsOf = (row: string) =>
    [...row.matchAll(/`((?:apps|packages)\/[^`]+)`/g)].map(([, path = '']) => path)
  expect(rows.filter((row) => testsOf(row).length === 0)).toEqual([])
  const paths = rows.flatMap(testsOf)
  expect(paths.filter((path) => !existsSync(fileURLToPath(new URL(path, ROOT))))).toEqual([])
})
