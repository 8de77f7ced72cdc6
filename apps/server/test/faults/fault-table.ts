/** What was seen in one case. */
export interface FaultResult {
  /** Its place in the table. */
  readonly number: number
  readonly fault: string
  readonly step: string
  readonly outcome: string
}

const INTRODUCTION = `# What goes wrong, and what becomes of the recording

Each row is a test in \`apps/server/test/faults\`. The application runs as processes of its own, and what it says to S3 and LiveKit, and what LiveKit says to it, goes through gates that see each step of a recording and let something go wrong at it: the application is killed with SIGKILL and started anew, S3 or LiveKit can not be reached for a few seconds, webhooks get lost or come wrongly, the recorder is killed, the room goes.

After each, all that says something of the recording agrees: the list of every replica, the records and files in the bucket, LiveKit's list of egresses, and the room's metadata. There is one entry for each egress that LiveKit has started and none for anything else; its file has the size that was captured, and plays; no claim is held and no egress goes on; and the room is recorded once more, by somebody who presses the button until it works.

The tests write this page, and fail when it says something else than they see. To run them: \`pnpm --filter @roomreel/server exec vitest run test/faults/\`; with \`-u\` they write it anew.
`

const HEAD = ['what goes wrong', 'step', 'the recording']

/** docs/faults.md, formatted as Prettier would. Pure. */
export function faultTable(results: readonly FaultResult[]): string {
  const rows = results
    .toSorted((a, b) => a.number - b.number)
    .map(({ fault, step, outcome }) => [fault, step, outcome])
  const widths = HEAD.map((title, column) =>
    Math.max(...[HEAD, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = widths.map((width) => '-'.repeat(width))
  return [INTRODUCTION, ...[HEAD, rule, ...rows].map(line), ''].join('\n')
}
