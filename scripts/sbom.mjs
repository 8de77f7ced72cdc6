/** `npm run sbom`: what the product is made of, with licences and hashes. */
import { join } from 'node:path'
import { build, command, install, root, run } from './workspace.mjs'

command(async () => {
  await install()
  await build('@roomreel/supply-chain')
  process.exitCode = await run(process.execPath, [join(root, 'packages', 'supply-chain', 'dist', 'main.js')])
})
