import { freePort } from '@roomreel/tooling/free-port'
import { expect, it } from 'vitest'
import { answers, runProgram } from './run-program.ts'

/** Long enough for a shell to print a line. */
const startLimitMs = 3_000

it('a program runs once it serves, and has ended once it is stopped', async () => {
  const port = await freePort()
  const code = `require('http').createServer((_, response) => response.end()).listen(${port}, '127.0.0.1')`
  const isReady = (): Promise<boolean> => answers(`http://127.0.0.1:${port}/`)
  const program = await runProgram({ name: process.execPath, args: ['-e', code], isReady })
  await program.stop()
  expect(await isReady()).toBe(false)
})

it.each([
  { what: 'does not serve', isReady: () => Promise.resolve(false) },
  { what: 'accepts a connection and says nothing', isReady: () => new Promise<boolean>(() => undefined) },
])('a program that $what is given up, with what it printed', async ({ isReady }) => {
  const args = ['-c', 'echo pid $$; exec sleep 1000']
  const failure = await runProgram({ name: 'sh', args, isReady, startLimitMs }).then(
    () => 'it runs',
    (error: unknown) => String(error),
  )
  expect(failure).toMatch(/sh did not serve within 3000 ms:\npid \d+/)
  const pid = Number(/pid (\d+)/.exec(failure)?.[1])
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

it('a program that ends before it serves is named with its status', async () => {
  const isReady = (): Promise<boolean> => Promise.resolve(false)
  await expect(runProgram({ name: 'sh', args: ['-c', 'exit 3'], isReady })).rejects.toThrow(
    'sh ended with status 3',
  )
})
