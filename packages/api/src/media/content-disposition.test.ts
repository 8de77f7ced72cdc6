import { expect, it } from 'vitest'
import { attachmentNamed } from './content-disposition.ts'

it.each([
  ['a.mp4', `attachment; filename="a.mp4"; filename*=UTF-8''a.mp4`],
  ['x"; y=.mp4', `attachment; filename="x_; y=.mp4"; filename*=UTF-8''x%22%3B%20y%3D.mp4`],
  ['ä 🎉.mp4', `attachment; filename="_ __.mp4"; filename*=UTF-8''%C3%A4%20%F0%9F%8E%89.mp4`],
  ["it's (1)*.mp4", `attachment; filename="it's (1)*.mp4"; filename*=UTF-8''it%27s%20%281%29%2A.mp4`],
])('names %s so that nothing in it ends the header', (name, expected) => {
  expect(attachmentNamed(name)).toBe(expected)
})
