import { expect, test } from 'vitest'
import { fileStorageKey, formatUtcMilliseconds, imageKeyPrefix } from './storage-key.ts'

const context = { roomName: 'Team 1', roomId: 'RM_abc', now: new Date('2026-03-04T05:06:07.089Z') }

test.each([
  ['', 'Team 1-2026-03-04T050607.mp4'],
  ['recordings/', 'recordings/Team 1-2026-03-04T050607.mp4'],
  ['recordings/{room_name}-{room_id}-{time}', 'recordings/Team 1-RM_abc-2026-03-04T050607.mp4'],
  ['{utc}', '20260304050607089.mp4'],
  ['a/b.mp4', 'a/b.mp4'],
  ['a/b.ogg', 'a/b.mp4'],
  ['a/b.v2', 'a/b.v2.mp4'],
  ['a/{room_name}/{room_name}', 'a/Team 1/Team 1.mp4'],
  ['../../etc/passwd', 'etc/passwd.mp4'],
  ['a//./b', 'a/b.mp4'],
  ['..', 'Team 1-2026-03-04T050607.mp4'],
  ['{unknown}', '{unknown}.mp4'],
])('the file path %j becomes the key %j', (path, key) => {
  expect(fileStorageKey(path, '.mp4', context)).toBe(key)
})

test('a placeholder in a room name stays what it is', () => {
  expect(fileStorageKey('{room_name}', '.mp4', { ...context, roomName: '{time}' })).toBe('{time}.mp4')
})

test.each([
  ['', 'Team 1-2026-03-04T050607'],
  ['shots/', 'shots/Team 1-2026-03-04T050607'],
  ['shots/{room_id}', 'shots/RM_abc'],
])('the image prefix %j becomes %j', (prefix, key) => {
  expect(imageKeyPrefix(prefix, context)).toBe(key)
})

test('timestamps carry milliseconds', () => {
  expect(formatUtcMilliseconds(context.now)).toBe('20260304050607089')
})
