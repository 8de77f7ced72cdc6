import { expect, test } from 'vitest'
import { SerialLane } from './serial-lane.ts'

test('jobs run one after the other; a full lane refuses and counts', async () => {
  const order: number[] = []
  const release: (() => void)[] = []
  const lane = new SerialLane(2, () => undefined)
  const job = (id: number) => async () => {
    await new Promise<void>((resolve) => release.push(resolve))
    order.push(id)
  }
  expect([lane.tryRun(job(1)), lane.tryRun(job(2)), lane.tryRun(job(3))]).toEqual([true, true, false])
  expect(lane).toMatchObject({ waiting: 2, dropped: 1 })
  const drained = lane.drain()
  while (order.length < 2) {
    release.shift()?.()
    await Promise.resolve()
  }
  await drained
  expect(order).toEqual([1, 2])
  expect(lane.waiting).toBe(0)
})

test('the first error ends the lane and is thrown at the end', async () => {
  const errors: unknown[] = []
  const lane = new SerialLane(5, (error) => errors.push(error))
  const ran: string[] = []
  lane.tryRun(() => Promise.reject(new Error('first')))
  lane.tryRun(async () => void ran.push('after'))
  await expect(lane.drain()).rejects.toThrow('first')
  expect(lane.tryRun(async () => void ran.push('later'))).toBe(false)
  expect(ran).toEqual([])
  expect(errors).toHaveLength(1)
})
