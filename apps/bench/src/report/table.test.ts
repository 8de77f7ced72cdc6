import { expect, it } from 'vitest'
import { table } from './table.ts'

const speed = { sha256MBps: 400, fsyncsPerSecond: 1000 }

it('shows figure and budget side by side, and why there is no answer', () => {
  const lines = table([
    {
      question: 'start',
      figures: [{ name: 'ready after', unit: 's', budget: 5, values: [7, 3, 6.5] }],
      before: speed,
      after: { sha256MBps: 200, fsyncsPerSecond: 900 },
    },
    {
      question: 'proxy',
      figures: [{ name: 'share', unit: '%', aim: 90, values: [95] }],
      before: speed,
      after: speed,
    },
    { question: 'join', figures: [], error: 'no browser\n  at …', before: speed, after: speed },
  ]).split('\n')
  expect(lines[2]).toMatch(/^start +ready after +6\.50 s +3\.00 – 7\.00 +≤ 5 s +3 +400 → 200 +1000 → 900$/)
  expect(lines[3]).toMatch(/^proxy +share +95\.0 % .*≥ 90 % +1 /)
  expect(lines[4]).toMatch(/^join +no answer: no browser +400 → 400/)
})
