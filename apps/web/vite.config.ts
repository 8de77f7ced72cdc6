import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { firstLoadBudget } from './build/first-load-budget.ts'

const SERVER = 'http://localhost:6080'

export default defineConfig({
  base: '/',
  plugins: [react(), firstLoadBudget({ maxGzipBytes: 120 * 1024 })],
  build: {
    // Browsers of 2024 and later: they know light-dark() and <dialog>
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    // The bodies of the chunks, not their names, say what they are; nothing is inlined, so that the CSP stays strict
    assetsInlineLimit: 0,
    rolldownOptions: {
      treeshake: {
        // The schemas have no effect but their values: the first page, which needs a limit alone, goes without zod
        moduleSideEffects: (id) => !/[\\/]contracts[\\/]dist[\\/]/.test(id),
      },
    },
  },
  server: {
    proxy: {
      '/trpc': SERVER,
      '/media': SERVER,
      '/livekit': SERVER,
    },
  },
})
