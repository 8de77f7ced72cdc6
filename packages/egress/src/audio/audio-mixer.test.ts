import { expect, test } from 'vitest'
import { AudioMixer, BLOCK_SAMPLES } from './audio-mixer.ts'
import { AudioTimeline } from './audio-timeline.ts'
import { LIMITER_CEILING, SoftLimiter } from './soft-limiter.ts'

const RATE = 48_000
const FRAME = 960
const frameOf = (value: number, samples = FRAME) => new Int16Array(samples).fill(value)

/** The samples of a timeline from a place on. */
function read(timeline: AudioTimeline, from: number, count: number): Float32Array {
  const left = new Float32Array(count)
  timeline.addTo(left, new Float32Array(count), from)
  return left
}

test('frames that come steadily lie one after another, from when the first had begun', () => {
  const timeline = new AudioTimeline(RATE)
  for (let index = 1; index <= 10; index++) timeline.push(frameOf(16_384), 1, RATE + index * FRAME, 0)
  expect(timeline.end).toBe(RATE + 10 * FRAME)
  const samples = read(timeline, RATE - 10, 10 * FRAME + 20)
  expect(samples.slice(0, 10).every((sample) => sample === 0)).toBe(true)
  expect(samples.slice(10, -10).every((sample) => sample === 0.5)).toBe(true)
  expect(timeline.moves).toBe(0)
})

test('frames that come late in a burst keep their place', () => {
  const timeline = new AudioTimeline(RATE)
  timeline.push(frameOf(1), 1, FRAME, 0)
  // Nothing for 200 ms, then all at once
  for (let index = 2; index <= 11; index++) timeline.push(frameOf(1), 1, 11 * FRAME, 0)
  expect(timeline.end).toBe(11 * FRAME)
  expect(timeline.moves).toBe(0)
})

test('a stream that lags for a whole second is moved by the least lag', () => {
  const timeline = new AudioTimeline(RATE)
  const lag = 0.1 * RATE
  timeline.push(frameOf(1), 1, FRAME, 0)
  for (let index = 2; index <= 60; index++) timeline.push(frameOf(1), 1, index * FRAME + lag, 0)
  expect(timeline.moves).toBe(1)
  expect(timeline.end).toBe(60 * FRAME + lag)
})

test('a stream that comes back after silence continues at the present, with silence between', () => {
  const timeline = new AudioTimeline(RATE)
  timeline.push(frameOf(8192), 1, FRAME, 0)
  timeline.push(frameOf(8192), 1, 3 * RATE, 2 * RATE)
  expect(timeline.end).toBe(3 * RATE)
  expect(read(timeline, RATE, 10).every((sample) => sample === 0)).toBe(true)
  expect(read(timeline, 3 * RATE - 5, 5).every((sample) => sample === 0.25)).toBe(true)
})

test('two stereo tracks are added up, channel by channel', () => {
  const mixer = new AudioMixer(RATE)
  mixer.addTrack('a')
  mixer.addTrack('b')
  const stereo = Int16Array.from({ length: BLOCK_SAMPLES * 2 }, (_, index) =>
    index % 2 === 0 ? 8192 : -4096,
  )
  mixer.push('a', stereo, 2, BLOCK_SAMPLES / RATE)
  mixer.push('b', stereo, 2, BLOCK_SAMPLES / RATE)
  const [block, ...rest] = mixer.takeUntil(BLOCK_SAMPLES)
  expect(rest).toEqual([])
  expect(block?.firstSample).toBe(0)
  expect(block?.left.every((sample) => sample === 0.5)).toBe(true)
  expect(block?.right.every((sample) => sample === -0.25)).toBe(true)
})

test('a track that is behind is waited for, up to a limit', () => {
  const mixer = new AudioMixer(RATE)
  mixer.addTrack('late')
  mixer.push('late', frameOf(1), 1, 0.02)
  expect(mixer.takeDue(0.5)).toEqual([])
  expect(mixer.takeDue(1)).toEqual([])
  expect(mixer.takeDue(1.4).length).toBeGreaterThan(0)
})

test('without any track silence goes on, block by block', () => {
  const mixer = new AudioMixer(RATE)
  const blocks = mixer.takeDue(1)
  expect(blocks.map(({ firstSample }) => firstSample)).toEqual(
    blocks.map((_, index) => index * BLOCK_SAMPLES),
  )
  expect(blocks.length).toBeGreaterThan(20)
  mixer.push('unknown', frameOf(1), 1, 1)
  mixer.push('unknown', frameOf(1), 1, -1)
})

test('the limiter leaves quiet sound alone and keeps loud sound below its ceiling', () => {
  const quiet = new SoftLimiter(RATE)
  const left = Float32Array.from({ length: 4800 }, (_, index) => 0.5 * Math.sin(index / 10))
  const copy = left.slice()
  quiet.apply(left, new Float32Array(4800))
  expect(left).toEqual(copy)

  const loud = Float32Array.from(
    { length: 48_000 },
    (_, index) => (index < 24_000 ? 3 : 0.1) * Math.sin(index / 10),
  )
  new SoftLimiter(RATE).apply(loud, loud.slice())
  expect(loud.every((sample) => Math.abs(sample) <= LIMITER_CEILING + 1e-6)).toBe(true)
  // Recovered half a second after the loud part
  expect(Math.max(...loud.slice(-2000))).toBeGreaterThan(0.09)
})
