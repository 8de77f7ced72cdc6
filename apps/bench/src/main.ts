/** `npm run bench [-- <name> …]`: asks all questions or those named, prints a table and keeps it as JSON. */
import { findProgram } from '@roomreel/tooling/programs'
import { machineFacts } from './machine/machine-facts.ts'
import { measureMachine } from './machine/machine-speed.ts'
import type { Figure, Question } from './question.ts'
import { allQuestions } from './questions/all-questions.ts'
import type { Answer } from './report/answer.ts'
import { table } from './report/table.ts'
import { writeResult } from './report/write-result.ts'

const names = process.argv.slice(2)
const unknown = names.filter((name) => !allQuestions.some((question) => question.name === name))
if (unknown.length > 0) {
  console.error(`There is no question named ${unknown.join(', ')}. There are:`)
  for (const { name, title } of allQuestions) console.error(`  ${name}: ${title}`)
  process.exit(1)
}

const startedAt = new Date()
const answers: Answer[] = []
for (const question of allQuestions) {
  if (names.length > 0 && !names.includes(question.name)) continue
  const missing = (question.programs ?? []).filter((program) => !findProgram(program))
  if (names.length === 0 && missing.length > 0) {
    console.log(`${question.name} is left out: ${missing.join(', ')} not found (npm run test:real brings it)`)
    continue
  }
  console.log(`${question.name}: ${question.title} …`)
  answers.push(await ask(question))
}
const machine = await machineFacts()
console.log(`\n${table(answers)}\n`)
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`)
console.log(`Kept in ${await writeResult(startedAt, machine, answers)}`)
// A slow figure is no failure; a question without an answer is
process.exitCode = answers.some(({ error }) => error !== undefined) ? 1 : 0

async function ask(question: Question): Promise<Answer> {
  const before = await measureMachine()
  let figures: readonly Figure[] = []
  let failure: { readonly error?: string } = {}
  try {
    figures = await question.measure()
  } catch (error) {
    // Told in the table, so that the other questions are still asked
    failure = { error: error instanceof Error ? error.message : String(error) }
  }
  return { question: question.name, figures, ...failure, before, after: await measureMachine() }
}
