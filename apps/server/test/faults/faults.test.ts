import { dispose } from '@livekit/rtc-node'
import { TRPCClientError } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Case, CASES } from './cases.ts'
import { eventually } from './eventually.ts'
import { faultTable, type FaultResult } from './fault-table.ts'
import { Meeting } from './meeting.ts'
import { ENDED_EARLY, outcomeOf } from './outcome.ts'
import { type Product, startProduct } from './product.ts'
import { openProductPool, type ProductPool } from './product-pool.ts'
import { record, recordAgain, recordsUntilStopped } from './record.ts'
import { type Stack, startStack } from './stack.ts'
import { seeTruth, type Truth } from './the-truth.ts'

let stack: Stack
/** Whose two replicas serve all cases in which nothing happens to them. */
let shared: Product
let pool: ProductPool
const results: FaultResult[] = []
/**
 * ms from the end of the fault until the room is recorded anew. A minute is what is promised; here ten meetings share
 * two cores.
 */
const AGAIN_LIMIT_MS = 120_000
/** ms between two looks at everything, which are a dozen requests. */
const TRUTH_AGAIN_MS = 1_000

beforeAll(async () => {
  stack = await startStack()
  shared = await startProduct(stack, 'shared', 2)
  pool = openProductPool(stack)
})
afterAll(async () => {
  await pool[Symbol.asyncDispose]()
  await shared[Symbol.asyncDispose]()
  await stack[Symbol.asyncDispose]()
  await dispose()
})

/** All that says something of the meeting's recordings agrees. */
async function truthOf(meeting: Meeting, count?: number): Promise<Truth> {
  let seen: Truth | undefined
  return eventually(
    `everything agrees about ${meeting.roomName}`,
    async () => {
      try {
        seen = await seeTruth(meeting)
      } catch {
        // The application, S3 or LiveKit is not back yet
        return undefined
      }
      return seen.problems.length === 0 && (count === undefined || seen.recordings.length === count) && seen
    },
    () => `${seen?.problems.join('; ')} ${meeting.replica.log.slice(-4_000)}`,
    TRUTH_AGAIN_MS,
  )
}

/**
 * @returns in the words of the table what has become of the recording; undefined when nothing has gone wrong: on a
 *   machine that has too much to do, a recording can end before it gets to the step
 */
async function goThrough(
  product: Product,
  { goesWrong, isRace }: Case,
  roomName: string,
): Promise<string | undefined> {
  const meeting = await Meeting.open(product, roomName)
  await goesWrong(meeting)
  await record(meeting)
  await meeting.recovered()
  const overSince = performance.now()
  const { recordings } = await truthOf(meeting)
  if (!meeting.hasSprung) return undefined
  expect(recordings.length).toBeLessThanOrEqual(1)

  await recordAgain(meeting)
  expect(performance.now() - overSince).toBeLessThan(AGAIN_LIMIT_MS)
  await meeting.happenAfterwards()
  await truthOf(meeting, recordings.length + 1)
  return outcomeOf(recordings, isRace)
}

/**
 * Rooms of one case are tried one after the other until in one of them has happened what was to happen, and nothing
 * but that: a machine with too much to do can be too slow for a recorder, which then ends early by itself.
 * @returns as `goThrough`
 */
async function outcomeIn(product: Product, each: Case, number: number): Promise<string | undefined> {
  let outcome: string | undefined
  for (const attempt of ['a', 'b', 'c']) {
    outcome = (await goThrough(product, each, `room${number}${attempt}`)) ?? outcome
    if (outcome !== undefined && (outcome !== ENDED_EARLY || each.endsIt)) break
  }
  return outcome
}

function isConflict(error: unknown): boolean {
  return (
    error instanceof TRPCClientError &&
    z.object({ code: z.literal('CONFLICT') }).safeParse(error.data).success
  )
}

describe.concurrent('one truth', { timeout: 900_000 }, () => {
  const cases = CASES.map((each, number) => [`${each.fault} ${each.step}`, { ...each, number }] as const)
  it.each(cases)('though %s', async (_title, each) => {
    const outcome = each.isForAll
      ? await pool.use((own) => outcomeIn(own, each, each.number))
      : await outcomeIn(shared, each, each.number)
    expect(outcome, 'the recording gets to the step').toBeDefined()
    if (outcome !== undefined) results.push({ ...each, outcome })
  })

  it('though two replicas are asked forty times at once', async () => {
    const meeting = await Meeting.open(shared, 'forty')
    const starts = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        shared.replicas.map((replica) =>
          meeting.person(replica).recordings.start.mutate({ roomName: meeting.roomName }),
        ),
      ).flat(),
    )
    expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const start of starts) {
      expect(start.status === 'fulfilled' || isConflict(start.reason)).toBe(true)
    }
    expect(await meeting.egresses()).toHaveLength(1)
    await recordsUntilStopped(meeting)
    const { recordings } = await truthOf(meeting, 1)
    await recordAgain(meeting)
    await truthOf(meeting, 2)
    results.push({
      number: CASES.length,
      fault: 'asked forty times, at two replicas at once:',
      step: 'start',
      outcome: outcomeOf(recordings),
    })
  })
})

it('is what docs/faults.md says', async () => {
  // A table without a row for each case is not to be written
  expect(results).toHaveLength(CASES.length + 1)
  await expect(faultTable(results)).toMatchFileSnapshot('../../../../docs/faults.md')
})
