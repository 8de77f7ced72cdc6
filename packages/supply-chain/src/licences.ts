import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'

/** `pnpm licenses list --json`: by licence. */
const ListingSchema = z.record(
  z.string(),
  z.array(z.object({ name: z.string(), versions: z.array(z.string()) })),
)

/** What packages say of themselves in a way that is no SPDX expression, or does not say of what they carry. */
const KNOWN: Readonly<Record<string, string>> = {
  'dejavu-fonts-ttf': 'Bitstream-Vera',
  machina: 'MIT OR GPL-2.0-only',
}
/** Builds of FFmpeg with x264, behind MIT's JavaScript. */
const FFMPEG = /^@seydx\/node-av-/

/** Licences (SPDX expressions) by `name@version`, of what is installed. @param pnpm its program */
export async function readLicences(pnpm: string, root: string): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await promisify(execFile)(pnpm, ['licenses', 'list', '--prod', '--json'], {
    cwd: root,
    maxBuffer: 64 << 20,
  })
  const licences = new Map<string, string>()
  for (const [licence, packages] of Object.entries(ListingSchema.parse(JSON.parse(stdout)))) {
    for (const { name, versions } of packages) {
      for (const version of versions) licences.set(`${name}@${version}`, licenceOf(name, licence))
    }
  }
  return licences
}

function licenceOf(name: string, said: string): string {
  if (FFMPEG.test(name)) return 'GPL-2.0-or-later'
  return KNOWN[name] ?? said.replace(/^\((.*)\)$/, '$1')
}
