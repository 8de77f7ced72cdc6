import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nextText } from './next-text.ts'
import { readObject } from './read-object.ts'
import { ACCESS_KEY, BUCKET, REGION, SECRET_KEY } from './start-test-server.ts'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

let built: string
let dataDir: string
beforeAll(async () => {
  // Node cannot run the sources, and what is in dist may be older than they are. Inside node_modules, so that imports
  // resolve as they do for dist
  built = await mkdtemp(path.join(PACKAGE, 'node_modules', '.durability-'))
  dataDir = await mkdtemp(path.join(tmpdir(), 'local-s3-durability-'))
  const tsc = path.join(
    path.dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  )
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', built], {
    cwd: PACKAGE,
  })
  await writeFile(path.join(built, 'package.json'), '{"type":"module"}')
  await writeFile(
    path.join(built, 'serve.js'),
    `import { startLocalS3 } from ${JSON.stringify(pathToFileURL(path.join(built, 'index.js')).href)}
const { url } = await startLocalS3(JSON.parse(process.argv[2]))
process.stdout.write(url + '\\n')
`,
  )
})
afterAll(async () => {
  await rm(built, { recursive: true, force: true })
  await rm(dataDir, { recursive: true, force: true })
})

interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>
  readonly s3: S3Client
}

async function startChild(): Promise<Child> {
  const options = { dataDir, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, buckets: [BUCKET] }
  const child = spawn(process.execPath, [path.join(built, 'serve.js'), JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await nextText(createInterface(child.stdout), 'line')
  return {
    process: child,
    s3: new S3Client({
      endpoint: url,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
      maxAttempts: 1,
    }),
  }
}

async function kill(child: Child): Promise<void> {
  const gone = once(child.process, 'exit')
  child.process.kill('SIGKILL')
  await gone
  child.s3.destroy()
}

/** What a version of a key holds: long enough that a kill has a middle to fall into. */
function bodyOf(key: string, version: number): Buffer {
  return Buffer.alloc(200_000, `${key} in version ${version}, `)
}

function etagOf(key: string, version: number): string {
  return `"${createHash('md5').update(bodyOf(key, version)).digest('hex')}"`
}

describe('a server that is killed in the middle of puts', () => {
  it('has kept everything it acknowledged, nothing by halves, and goes on', async () => {
    const keys = ['a', 'b', 'c', 'd']
    const acknowledged = new Map<string, number>()
    let version = 0
    for (let round = 1; round <= 3; round += 1) {
      const child = await startChild()
      const before = version
      const progress = new EventEmitter()
      const enough = once(progress, 'enough')
      const writers = keys.map(async (Key) => {
        for (;;) {
          version += 1
          const mine = version
          await child.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: bodyOf(Key, mine) }))
          acknowledged.set(Key, mine)
          if (mine > before + 40) progress.emit('enough')
        }
      })
      const ends = Promise.allSettled(writers)
      await enough
      await kill(child)
      await ends

      const again = await startChild()
      const { Contents = [] } = await again.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))
      expect(Contents.map(({ Key }) => Key)).toEqual(keys)
      for (const { Key = '', ETag } of Contents) {
        // The last acknowledged version, or one that was on its way and reached the disk
        const possible = Array.from({ length: version - (acknowledged.get(Key) ?? 0) + 1 }, (_, more) =>
          etagOf(Key, (acknowledged.get(Key) ?? 0) + more),
        )
        expect(possible).toContain(ETag)
        const content = await readObject(again.s3, Key)
        expect(`"${createHash('md5').update(content).digest('hex')}"`).toBe(ETag)
      }
      // Nothing is left of the puts that were cut off
      expect(await readdir(path.join(dataDir, 'blobs'))).toHaveLength(keys.length)
      await kill(again)
    }
  })
})
