import { describe, expect, it } from 'vitest'
import { readRoute, recordingPath, roomPath } from './route.ts'

describe('readRoute', () => {
  it.each([
    ['/', { page: 'join', roomName: undefined }],
    ['/rooms', { page: 'join', roomName: undefined }],
    ['/rooms/Weekly%20sync', { page: 'join', roomName: 'Weekly sync' }],
    ['/rooms/100%', { page: 'join', roomName: '100%' }],
    ['/recordings', { page: 'library' }],
    ['/recordings/', { page: 'library' }],
    ['/recordings/a%3Cb%3E.mp4', { page: 'recording', recordingName: 'a<b>.mp4' }],
    ['/s/0a1b', { page: 'share', linkId: '0a1b' }],
    ['/s/', { page: 'share', linkId: undefined }],
    ['/rooms/a/b', { page: 'unknown' }],
    ['/elsewhere', { page: 'unknown' }],
  ])('%s', (path, expected) => {
    expect(readRoute(path)).toEqual(expected)
  })

  it.each(['Weekly sync', '<img src=x onerror=alert(1)>', '.*', '100%', 'a?b#c', '会議 🎉', '...'])(
    'finds %s again under the path made for it',
    (name) => {
      const pathOf = (path: string) => new URL(path, 'http://localhost').pathname
      expect(readRoute(pathOf(roomPath(name)))).toEqual({ page: 'join', roomName: name })
      expect(readRoute(pathOf(recordingPath(`${name}.mp4`)))).toEqual({
        page: 'recording',
        recordingName: `${name}.mp4`,
      })
    },
  )
})
