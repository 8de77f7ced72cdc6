import { once } from 'node:events'
import { EgressStatus } from 'livekit-server-sdk'
import { dispose } from '@livekit/rtc-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { YuvColour } from '../../src/composite/canvas.ts'
import { Publisher } from '../support/publisher.ts'
import { RedisBench } from '../support/redis-bench.ts'
import { waitFor } from '../support/wait-for.ts'

const RED: YuvColour = { y: 82, u: 90, v: 240 }
const COMPLETE = EgressStatus.EGRESS_COMPLETE

let bench: RedisBench

beforeAll(async () => {
  bench = await RedisBench.start()
})

afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await dispose()
})

test('two workers share the load; of one that is killed the other reports the end, and it saves the file when it is back', async () => {
  const one = await bench.forkWorker('one')
  const two = await bench.forkWorker('two')
  await using ann = await Publisher.join(bench.livekit, 'first', 'ann')
  await ann.publishColour(RED)
  await using ben = await Publisher.join(bench.livekit, 'second', 'ben')
  await ben.publishColour(RED)
  const first = await bench.record('first')
  const second = await bench.record('second')
  for (const { egressId } of [first, second]) await bench.recordedSeconds(egressId, 3)

  one.kill('SIGKILL')
  await once(one, 'exit')
  const [lost, kept] = await waitFor('one of the two to be reported', async () => {
    const known = [...(await bench.known(first.egressId)), ...(await bench.known(second.egressId))]
    const aborted = known.find(({ status }) => status === EgressStatus.EGRESS_ABORTED)
    return aborted && [aborted, known.find(({ egressId }) => egressId !== aborted.egressId)]
  })
  expect(lost).toMatchObject({ error: 'The egress worker is gone', errorCode: 503 })
  expect(kept).toMatchObject({ status: EgressStatus.EGRESS_ACTIVE })
  if (!lost || !kept) return

  await bench.forkWorker('one')
  const saved = await waitFor('the file of the killed worker', async () =>
    (await bench.known(lost.egressId)).find(({ fileResults: [file] }) => Number(file?.size) > 0),
  )
  expect(Number(saved.fileResults[0]?.duration) / 1e9).toBeGreaterThan(1)
  await bench.egress.stopEgress(kept.egressId)
  expect((await bench.reached(kept.egressId, COMPLETE)).status).toBe(COMPLETE)
  two.kill()
  await once(two, 'exit')
})

test('a recording goes on while Redis and livekit-server restart, and is stopped and saved afterwards', async () => {
  await using ann = await Publisher.join(bench.livekit, 'restart', 'ann')
  await ann.publishColour(RED)
  const before = await bench.record('restart')
  await bench.recordedSeconds(before.egressId, 2)
  await bench.restartServer()
  await bench.restartRedis()
  await waitFor('the egress to be stopped', () =>
    bench.egress.stopEgress(before.egressId).then(
      () => true,
      // Until the worker is back on Redis
      () => false,
    ),
  )
  const ended = await bench.reached(before.egressId, COMPLETE)
  expect(ended.status).toBe(COMPLETE)
  expect(Number(ended.fileResults[0]?.size)).toBeGreaterThan(0)
})
