import { describe, expect, it } from 'vitest'
import { playerCommand } from './player-command.ts'

describe('playerCommand', () => {
  it.each([
    [' ', { kind: 'toggle' }],
    ['k', { kind: 'toggle' }],
    ['K', { kind: 'toggle' }],
    ['ArrowLeft', { kind: 'seek', seconds: -5 }],
    ['ArrowRight', { kind: 'seek', seconds: 5 }],
    ['j', { kind: 'seek', seconds: -10 }],
    ['l', { kind: 'seek', seconds: 10 }],
    ['m', { kind: 'mute' }],
    ['f', { kind: 'fullScreen' }],
    ['0', { kind: 'jump', share: 0 }],
    ['9', { kind: 'jump', share: 0.9 }],
    ['Escape', undefined],
    ['Tab', undefined],
    ['a', undefined],
  ])('%j', (key, expected) => {
    expect(playerCommand(key)).toEqual(expected)
  })
})
