import { describe, expect, it } from 'vitest'
import { MAX_NAME_LENGTH } from './limits.ts'
import { RecordingNameSchema, RoomNameSchema } from './names.ts'

describe('RoomNameSchema', () => {
  it.each([
    ['a plain name', 'Weekly sync', 'Weekly sync'],
    ['spaces around it', '  Weekly sync ', 'Weekly sync'],
    ['another script', 'Встреча 会議 اجتماع', 'Встреча 会議 اجتماع'],
    ['emoji, counted as people count', '🎉'.repeat(MAX_NAME_LENGTH), '🎉'.repeat(MAX_NAME_LENGTH)],
    ['markup, which is only text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['marks that nobody sees, which go', '\uFEFFWeekly\u200B sync\u200E', 'Weekly sync'],
    [
      'joiners, which some scripts and emoji are written with',
      'می\u200Cخواهم 👩\u200D💻',
      'می\u200Cخواهم 👩\u200D💻',
    ],
    ['what means something to a regular expression', '.*', '.*'],
  ])('takes %s', (_what, given, expected) => {
    expect(RoomNameSchema.parse(given)).toBe(expected)
  })

  it.each([
    ['nothing', ''],
    ['spaces alone', '   '],
    ['what can not be seen', '\u200B\u200D\u3164'],
    ['one character too many', 'x'.repeat(MAX_NAME_LENGTH + 1)],
    ['a slash', 'a/b'],
    ['a backslash', String.raw`a\b`],
    ['a line break', 'a\nb'],
    ['a null character', 'a\u0000b'],
    ['a mark that reorders text', 'a\u202Eb'],
    ['half a character', 'a\uD800'],
    ['no text', 7],
  ])('refuses %s', (_what, given) => {
    expect(RoomNameSchema.safeParse(given).success).toBe(false)
  })
})

describe('RecordingNameSchema', () => {
  it.each(['Weekly sync-RM_x-2026-01-01T100000.mp4', '.*-RM_x-t.mp4', '..mp4', 'a.mp4.mp4', '<b>.mp4'])(
    'takes %s',
    (name) => {
      expect(RecordingNameSchema.parse(name)).toBe(name)
    },
  )

  it.each([
    '',
    '.mp4',
    'a.mp3',
    'a',
    '../a.mp4',
    '.metadata/a.mp4',
    String.raw`..\a.mp4`,
    'a\n.mp4',
    `${'x'.repeat(600)}.mp4`,
  ])('refuses %j', (name) => {
    expect(RecordingNameSchema.safeParse(name).success).toBe(false)
  })
})
