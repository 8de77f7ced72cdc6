import { TRPCClientError } from '@trpc/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createS3Reach, type S3Reach } from '../recordings/s3-reach.ts'
import { createPlayback, type Playback } from './create-playback.ts'

const ORIGIN = 'http://localhost:6080'
const LIFE_MS = 3_600_000

interface Scene {
  readonly playback: Playback
  readonly reach: S3Reach
  /** Whether each URL that was asked for was to lead through the app. */
  readonly asked: boolean[]
  /** What the next calls end with, instead of a URL. */
  readonly errors: unknown[]
  readonly close: () => void
}

function scene(reach = createS3Reach()): Scene {
  const asked: boolean[] = []
  const errors: unknown[] = []
  const playback = createPlayback(
    async (isProxied) => {
      asked.push(isProxied)
      if (errors.length > 0) throw errors.shift()
      const url = isProxied ? `/media/a.mp4?ticket=${asked.length}` : `http://s3:9000/a.mp4?${asked.length}`
      return { url, expiresAt: Date.now() + LIFE_MS }
    },
    reach,
    ORIGIN,
  )
  const close = playback.subscribe(() => undefined)
  return { playback, reach, asked, errors, close }
}

const AWAY = new TRPCClientError('fetch failed')

describe('createPlayback', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('renews a URL before it expires, again and again, until nobody watches', async () => {
    const { playback, asked, close } = scene()
    await vi.advanceTimersByTimeAsync(0)
    expect(playback.getView()).toMatchObject({ state: 'playing', url: 'http://s3:9000/a.mp4?1' })
    await vi.advanceTimersByTimeAsync(LIFE_MS)
    expect(playback.getView()).toMatchObject({ url: 'http://s3:9000/a.mp4?2', isRetrying: false })
    await vi.advanceTimersByTimeAsync(LIFE_MS)
    expect(asked).toEqual([false, false, false])
    close()
    await vi.advanceTimersByTimeAsync(LIFE_MS * 2)
    expect(asked).toHaveLength(3)
  })

  it('renews what has played and fails, from the same place', async () => {
    const { playback, asked, reach } = scene()
    await vi.advanceTimersByTimeAsync(0)
    playback.onPicture()
    playback.onError(7)
    expect(playback.getView()).toMatchObject({ isRetrying: true })
    await vi.advanceTimersByTimeAsync(0)
    expect(playback.getView()).toMatchObject({ url: 'http://s3:9000/a.mp4?2', isRetrying: false })
    expect(asked).toEqual([false, false])
    expect(reach.isOutOfReach()).toBe(false)
  })

  it('goes through the app where S3 gives nothing, and the next one begins there', async () => {
    const first = scene()
    await vi.advanceTimersByTimeAsync(0)
    first.playback.onError(0)
    await vi.advanceTimersByTimeAsync(0)
    expect(first.reach.isOutOfReach()).toBe(false)
    first.playback.onPicture()
    expect(first.reach.isOutOfReach()).toBe(true)

    const second = scene(first.reach)
    await vi.advanceTimersByTimeAsync(0)
    expect([first.asked, second.asked]).toEqual([[false, true], [true]])
  })

  it('blames the file, not S3, when nothing plays from anywhere, and says so', async () => {
    const { playback, reach, asked } = scene()
    for (let error = 0; error < 6; error++) {
      await vi.advanceTimersByTimeAsync(10_000)
      playback.onError(0)
    }
    expect(playback.getView()).toEqual({ state: 'damaged' })
    expect(reach.isOutOfReach()).toBe(false)
    expect(asked).toHaveLength(6)
    playback.retry()
    await vi.advanceTimersByTimeAsync(0)
    expect(playback.getView()).toMatchObject({ state: 'playing' })
  })

  it('does not play up to the same damaged place for ever', async () => {
    const { playback } = scene()
    for (let error = 0; error < 6; error++) {
      await vi.advanceTimersByTimeAsync(10_000)
      playback.onPicture()
      playback.onProgress(9.5)
      playback.onError(10)
    }
    expect(playback.getView()).toEqual({ state: 'damaged' })
  })

  it('takes two pieces of news of one trouble for one', async () => {
    const { playback, asked } = scene()
    await vi.advanceTimersByTimeAsync(0)
    playback.onError(0)
    playback.onError(0)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toEqual([false, true])
  })

  it('asks a server that is away again, a few times, and then says what is wrong', async () => {
    const { playback, errors, asked } = scene()
    errors.push(AWAY, AWAY)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(playback.getView()).toMatchObject({ state: 'playing' })
    expect(asked).toHaveLength(3)

    playback.onPicture()
    errors.push(AWAY, AWAY, AWAY, AWAY, AWAY, AWAY)
    playback.onError(3)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(playback.getView()).toEqual({ state: 'failed', error: AWAY })
  })

  it('lets play what plays when its URL can not be renewed in time', async () => {
    const { playback, errors } = scene()
    await vi.advanceTimersByTimeAsync(0)
    const refused = new Error('This link has expired.')
    errors.push(refused, refused)
    await vi.advanceTimersByTimeAsync(LIFE_MS)
    expect(playback.getView()).toMatchObject({ state: 'playing', isRetrying: false })
    playback.onError(5)
    await vi.advanceTimersByTimeAsync(0)
    expect(playback.getView()).toEqual({ state: 'failed', error: refused })
  })
})
