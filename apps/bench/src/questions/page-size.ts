/**
 * How much script does the page load before anybody joins?
 * Budget: 120 KB gzipped. Counted from the built page: the scripts that index.html names, and all they import
 * statically.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Question } from '../question.ts'
import { repository } from '../repository.ts'
import { importedScripts, pageScripts } from './script-references.ts'

const webRoot = join(repository, 'apps', 'web', 'dist')

export const pageSize: Question = {
  name: 'page-size',
  title: 'scripts loaded before joining',
  async measure() {
    const named = pageScripts(await readFile(join(webRoot, 'index.html'), 'utf8'))
    if (named.length === 0) throw new Error('The page names no scripts.')
    const reached = new Map<string, number>()
    const waiting = [...named]
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (reached.has(path)) continue
      const code = await readFile(join(webRoot, path), 'utf8')
      reached.set(path, gzipSync(code, { level: 9 }).length)
      waiting.push(...importedScripts(code, path))
    }
    const bytes = [...reached.values()].reduce((sum, size) => sum + size, 0)
    return [
      { name: 'gzipped scripts', unit: 'KB', budget: 120, values: [bytes / 1024] },
      { name: 'files', unit: '', values: [reached.size] },
    ]
  },
}
