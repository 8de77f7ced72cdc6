import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const SCRIPT = fileURLToPath(new URL('../python-client/participant.py', import.meta.url))

const Seen = z.object({
  joined: z.boolean(),
  frames: z.number(),
  loudest: z.number(),
  data: z.array(z.object({ from: z.string(), topic: z.string(), text: z.string() })),
  answers: z.array(z.string()),
})

/** A participant in a process of Python's; what it does is told in its script. */
export interface PythonParticipant {
  /** What it has seen so far. */
  seen(): z.infer<typeof Seen> | undefined
  [Symbol.asyncDispose](): Promise<void>
}

export function startPythonParticipant(python: string, url: string, token: string): PythonParticipant {
  const child = spawn(python, [SCRIPT, url, token], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  let seen: z.infer<typeof Seen> | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen = Seen.parse(JSON.parse(line))
  })
  return {
    seen() {
      if (child.exitCode !== null) throw new Error(`the Python participant ended with ${child.exitCode}`)
      return seen
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await exit
    },
  }
}
