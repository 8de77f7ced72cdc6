import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AudioMixer } from '../src/audio/audio-mixer.ts'
import { Compositor } from '../src/composite/compositor.ts'
import { Mp4Recording } from '../src/encode/mp4-recording.ts'
import { SlotPacer } from '../src/recorder/slot-pacer.ts'
import { audioBetween, decodeRecording, isColour, toneLevel } from './support/decoded-recording.ts'
import { risenEdges } from './support/risen-edges.ts'

const RATE = 48_000
const FRAME = 960
const SIZE = { widthPx: 320, heightPx: 180 }
const GREEN = { y: 145, u: 54, v: 34 }
const SECONDS = 5

/** On in the second half of each second. */
const isOn = (seconds: number) => seconds % 1 >= 0.5

function picture(on: boolean) {
  const data = new Uint8Array((320 * 180 * 3) / 2).fill(on ? GREEN.u : 128)
  data.fill(on ? GREEN.y : 30, 0, 320 * 180)
  if (on) data.fill(GREEN.v, (320 * 180 * 5) / 4)
  return { data, width: 320, height: 180, rotation: 0 as const }
}

function tone(from: number): Int16Array {
  return Int16Array.from({ length: FRAME }, (_, index) => {
    const sample = from + index
    return isOn(sample / RATE) ? 8000 * Math.sin((2 * Math.PI * 1000 * sample) / RATE) : 0
  })
}

test('what is seen and heard at the same moment is less than 100 ms apart in the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'av-sync-'))
  const path = join(folder, 'recording.mp4')
  using compositor = new Compositor({ ...SIZE, layout: 'grid', theme: 'dark' })
  compositor.setPerson('a', '')
  const mixer = new AudioMixer(RATE)
  mixer.addTrack('mic')
  const errors: unknown[] = []
  const recording = await Mp4Recording.create({
    path,
    video: { ...SIZE, framesPerSecond: 30, bitrateBps: 500_000, keyFrameIntervalSeconds: 2, profile: 'main' },
    audio: { bitrateBps: 96_000, sampleRateHz: RATE },
    onError: (error) => errors.push(error),
  })
  await new Promise<void>((resolve, reject) => {
    let heard = 0
    let shown = 0
    const pacer = new SlotPacer({
      slotsPerSecond: 30,
      onError: reject,
      onSlot: (slot) => {
        const now = pacer.nowSeconds
        for (const block of mixer.takeDue(now)) recording.writeAudio(block)
        recording.writePicture(compositor.render(), slot)
      },
    })
    // Frames arrive when they are complete, as from a network without delay
    const arrivals = setInterval(() => {
      const now = pacer.nowSeconds
      for (; heard + FRAME <= now * RATE; heard += FRAME) mixer.push('mic', tone(heard), 1, now)
      for (; shown / 30 <= now; shown++) compositor.pushPicture('a', 'camera', picture(isOn(shown / 30)))
      if (now < SECONDS) return
      clearInterval(arrivals)
      pacer.stop()
      resolve()
    }, 5)
    pacer.start()
  })
  await recording.close()
  expect(errors).toEqual([])
  const decoded = await decodeRecording(path)
  await rm(folder, { recursive: true })

  const flashes = risenEdges(
    decoded.pictures.map((shown) => ({
      time: shown.timeSeconds,
      on: isColour(shown.at(160, 88), GREEN, 40),
    })),
  )
  const beeps = risenEdges(
    Array.from({ length: 100 * (SECONDS - 1) }, (_, index) => {
      const time = index / 100
      const level = toneLevel(audioBetween(decoded, time, time + 0.01), decoded.audioRateHz, 1000)
      return { time, on: level > 0.05 }
    }),
  )
  const offsets = flashes
    .flatMap((flash) => beeps.map((beep) => (flash - beep) * 1000).filter((offset) => Math.abs(offset) < 400))
    .toSorted((a, b) => a - b)
  expect(offsets.length).toBeGreaterThanOrEqual(3)
  const median = offsets[offsets.length >> 1]
  expect(Math.abs(median ?? Infinity)).toBeLessThan(100)
})
