import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { MachineFacts } from '../machine/machine-facts.ts'
import type { Answer } from './answer.ts'
import { summarise } from './statistics.ts'

const folder = fileURLToPath(new URL('../../results/', import.meta.url))

/** Keeps a run as JSON, named by when it started. @returns the file's path */
export async function writeResult(
  startedAt: Date,
  machine: MachineFacts,
  answers: readonly Answer[],
): Promise<string> {
  const result = {
    startedAt: startedAt.toISOString(),
    machine,
    answers: answers.map((answer) => ({
      ...answer,
      figures: answer.figures.map((figure) => ({ ...figure, ...summarise(figure.values) })),
    })),
  }
  await mkdir(folder, { recursive: true })
  const path = `${folder}${result.startedAt.replaceAll(':', '-')}.json`
  await writeFile(path, `${JSON.stringify(result, undefined, 2)}\n`)
  return path
}
