import type { Answer } from './answer.ts'
import { summarise } from './statistics.ts'

const HEAD = ['question', 'figure', 'median', 'spread', 'budget', 'runs', 'sha256 MB/s', 'fsync/s'] as const

/** All figures as a table of text: what was measured, its budget, and how fast the machine was around it. */
export function table(answers: readonly Answer[]): string {
  const rows: string[][] = [[...HEAD]]
  for (const { question, figures, error, before, after } of answers) {
    const machine = [
      `${before.sha256MBps.toFixed(0)} → ${after.sha256MBps.toFixed(0)}`,
      `${before.fsyncsPerSecond.toFixed(0)} → ${after.fsyncsPerSecond.toFixed(0)}`,
    ]
    if (error !== undefined)
      rows.push([question, `no answer: ${firstLine(error)}`, '', '', '', '', ...machine])
    for (const { name, unit, budget, aim, values } of figures) {
      const { median, min, max } = summarise(values)
      rows.push([
        question,
        name,
        `${short(median)} ${unit}`,
        `${short(min)} – ${short(max)}`,
        wanted(unit, budget, aim),
        String(values.length),
        ...machine,
      ])
    }
  }
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '))
  return lines.map((line) => line.trimEnd()).join('\n')
}

function wanted(unit: string, budget: number | undefined, aim: number | undefined): string {
  if (aim !== undefined) return `≥ ${aim} ${unit}`
  return budget === undefined ? '' : `≤ ${budget} ${unit}`
}

/** Three significant digits at least, and never an exponent. */
function short(value: number): string {
  if (value >= 100) return value.toFixed(0)
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
