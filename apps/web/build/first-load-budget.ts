import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { type ChunkImports, firstLoadChunks } from './first-load-chunks.ts'

/**
 * Fails the build when the scripts that the page loads before anybody joins (the entry and what it imports
 * statically) weigh more than the budget.
 */
export function firstLoadBudget({ maxGzipBytes }: { maxGzipBytes: number }): Plugin {
  return {
    name: 'first-load-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = new Map<string, ChunkImports & { code: string }>()
      for (const output of Object.values(bundle)) {
        if (output.type === 'chunk') chunks.set(output.fileName, output)
      }
      let gzipBytes = 0
      for (const fileName of firstLoadChunks(chunks)) {
        gzipBytes += gzipSync(chunks.get(fileName)?.code ?? '', { level: 9 }).length
      }
      const measured = `first load: ${(gzipBytes / 1024).toFixed(1)} KB of gzipped scripts`
      if (gzipBytes > maxGzipBytes) {
        this.error(`${measured}, more than the budget of ${maxGzipBytes / 1024} KB`)
      }
      this.info(measured)
    },
  }
}
