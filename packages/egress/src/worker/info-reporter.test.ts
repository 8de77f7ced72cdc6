import { EgressInfo, EgressStatus } from '@livekit/protocol'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { InfoReporter } from './info-reporter.ts'

const silent = pino({ level: 'silent' })
const { EGRESS_ACTIVE, EGRESS_ENDING, EGRESS_COMPLETE } = EgressStatus
const info = (status: EgressStatus, updatedAt: bigint) =>
  new EgressInfo({ egressId: 'EG_1', status, updatedAt })

test('updates arrive one at a time and in order, however slow the store is, repetitions joined', async () => {
  const seen: [EgressStatus, bigint][] = []
  const release: (() => void)[] = []
  let atOnce = 0
  const updateEgress = async (update: EgressInfo) => {
    expect(++atOnce).toBe(1)
    await new Promise<void>((resolve) => release.push(resolve))
    seen.push([update.status, update.updatedAt])
    atOnce--
  }
  const io = { createEgress: () => Promise.resolve(), updateEgress }
  const reporter = new InfoReporter(io, silent, new AbortController().signal)
  const current = info(EGRESS_ACTIVE, 1n)
  reporter.push(current)
  current.updatedAt = 99n
  reporter.push(info(EGRESS_ENDING, 2n))
  reporter.push(info(EGRESS_ENDING, 3n))
  reporter.push(info(EGRESS_ENDING, 4n))
  reporter.push(info(EGRESS_COMPLETE, 5n))
  const flushed = reporter.flush()
  while (seen.length < 3) {
    release.shift()?.()
    await Promise.resolve()
  }
  await flushed
  expect(seen).toEqual([
    [EGRESS_ACTIVE, 1n],
    [EGRESS_ENDING, 4n],
    [EGRESS_COMPLETE, 5n],
  ])
})

test('a store that fails is tried again before anything else is sent', async () => {
  const seen: string[] = []
  let failures = 1
  const updateEgress = ({ status }: EgressInfo) => {
    seen.push(EgressStatus[status])
    return failures-- > 0 ? Promise.reject(new Error('away')) : Promise.resolve()
  }
  const reporter = new InfoReporter(
    { createEgress: () => Promise.resolve(), updateEgress },
    silent,
    new AbortController().signal,
  )
  reporter.push(info(EGRESS_ACTIVE, 1n))
  reporter.push(info(EGRESS_COMPLETE, 2n))
  await reporter.flush()
  expect(seen).toEqual(['EGRESS_ACTIVE', 'EGRESS_ACTIVE', 'EGRESS_COMPLETE'])
})

test('closing ends the trying', async () => {
  const closed = new AbortController()
  const io = { createEgress: () => Promise.resolve(), updateEgress: () => Promise.reject(new Error('away')) }
  const reporter = new InfoReporter(io, silent, closed.signal)
  reporter.push(info(EGRESS_ACTIVE, 1n))
  const flushed = reporter.flush()
  closed.abort(new Error('closed'))
  await expect(flushed).rejects.toThrow('closed')
})
