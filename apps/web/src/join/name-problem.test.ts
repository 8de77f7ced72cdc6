import { MAX_NAME_LENGTH, RoomNameSchema } from '@roomreel/contracts'
import { describe, expect, it } from 'vitest'
import { nameProblem } from './name-problem.ts'

describe('nameProblem', () => {
  it.each([
    ['nothing', '', "The room name can't be empty."],
    ['spaces', '   ', "The room name can't be empty."],
    ['one too many', 'x'.repeat(MAX_NAME_LENGTH + 1), 'The room name can have at most 64 characters.'],
    ['as many as may be', '🎉'.repeat(MAX_NAME_LENGTH), undefined],
    ['a slash', 'a/b', "The room name can't have slashes."],
    ['a backslash', String.raw`a\b`, "The room name can't have slashes."],
    ['markup', '<img src=x onerror=alert(1)>', undefined],
  ])('%s', (_what, name, expected) => {
    expect(nameProblem('The room name', name)).toBe(expected)
    // It says the same as the server
    const parsed = RoomNameSchema.safeParse(name)
    expect(parsed.error?.issues[0]?.message).toBe(expected)
  })

  it.each(['.', ' .. '])('refuses %j, which no URL can carry', (name) => {
    expect(nameProblem('The room name', name)).toBe("The room name can't be dots alone.")
  })
})
