import { describe, expect, it } from 'vitest'
import { parseReentry } from './reentry.ts'

const whole = {
  roomName: 'Weekly',
  participantName: 'Ann',
  devices: { microphone: { isOn: true, deviceId: 'm' }, camera: { isOn: false, deviceId: '' } },
}

describe('parseReentry', () => {
  it('gives back what was remembered', () => {
    expect(parseReentry(JSON.stringify(whole))).toEqual(whole)
  })

  it('leaves devices off that are not remembered', () => {
    const off = { isOn: false, deviceId: '' }
    expect(parseReentry(JSON.stringify({ ...whole, devices: undefined }))?.devices).toEqual({
      microphone: off,
      camera: off,
    })
  })

  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['another shape', '[]'],
    ['half', '{"roomName":"x"}'],
  ])('takes %s for nothing', (_what, text) => {
    expect(parseReentry(text)).toBeUndefined()
  })
})
