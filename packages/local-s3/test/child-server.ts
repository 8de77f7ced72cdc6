import { S3Client } from '@aws-sdk/client-s3'
import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { nextText } from './next-text.ts'
import { ACCESS_KEY, BUCKET, REGION, SECRET_KEY } from './start-test-server.ts'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** A server in a process of its own. */
export interface ChildServer {
  readonly pid: number
  readonly s3: S3Client
  /** Without any warning. */
  kill(): Promise<void>
}

export interface ChildServers extends AsyncDisposable {
  /** @param wrapper a command, with its arguments, that runs the command it is given behind them */
  start(dataDir: string, wrapper?: readonly string[]): Promise<ChildServer>
}

/**
 * Compiles the package, because Node cannot run its sources and what is in `dist` may be older than they are. The result
 * is inside node_modules, so that imports resolve as they do for `dist`.
 */
export async function buildChildServers(): Promise<ChildServers> {
  const built = await mkdtemp(path.join(PACKAGE, 'node_modules', '.child-server-'))
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
  const tsc = path.join(typescript, 'bin', 'tsc')
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', built], {
    cwd: PACKAGE,
  })
  await writeFile(path.join(built, 'package.json'), '{"type":"module"}')
  const script = path.join(built, 'serve.js')
  await writeFile(
    script,
    `import { startLocalS3 } from ${JSON.stringify(pathToFileURL(path.join(built, 'index.js')).href)}
const { url } = await startLocalS3(JSON.parse(process.argv[2]))
process.stdout.write(url + '\\n')
`,
  )
  return {
    async start(dataDir, wrapper = []) {
      const options = { dataDir, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, buckets: [BUCKET] }
      const [command, ...args] = [...wrapper, process.execPath, script, JSON.stringify(options)]
      const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      return await connectTo(child)
    },
    async [Symbol.asyncDispose]() {
      await rm(built, { recursive: true, force: true })
    },
  }
}

async function connectTo(child: ChildProcessByStdio<null, Readable, null>): Promise<ChildServer> {
  const url = await nextText(createInterface(child.stdout), 'line')
  const s3 = new S3Client({
    endpoint: url,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY },
    maxAttempts: 1,
  })
  return {
    pid: child.pid ?? 0,
    s3,
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      s3.destroy()
    },
  }
}
