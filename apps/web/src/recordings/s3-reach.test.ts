import { expect, it } from 'vitest'
import { createS3Reach } from './s3-reach.ts'

it('tells those who listen, once, when S3 turns out to be out of reach', () => {
  const reach = createS3Reach()
  let told = 0
  const stop = reach.subscribe(() => {
    told += 1
  })
  expect(reach.isOutOfReach()).toBe(false)
  reach.reportOutOfReach()
  reach.reportOutOfReach()
  expect([reach.isOutOfReach(), told]).toEqual([true, 1])
  stop()
})
