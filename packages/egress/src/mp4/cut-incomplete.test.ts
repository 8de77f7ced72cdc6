import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cutIncompleteFragments, endOfLastFragment } from './cut-incomplete.ts'
import { parseBoxHeader } from './top-level-boxes.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boxes-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function box(type: string, payload = 8): Buffer {
  const bytes = Buffer.alloc(8 + payload)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.write(type, 4, 'latin1')
  return bytes
}

const START = [box('ftyp', 28), box('free', 0), box('moov', 100)]
const FRAGMENT = [box('moof', 40), box('mdat', 60)]
const lengthOf = (boxes: Buffer[]) => boxes.reduce((sum, { length }) => sum + length, 0)

test.each([
  ['nothing', [], 0],
  ['a start without fragments', START, 0],
  ['one fragment', [...START, ...FRAGMENT], lengthOf([...START, ...FRAGMENT])],
  [
    'a fragment without its media',
    [...START, ...FRAGMENT, box('moof', 40)],
    lengthOf([...START, ...FRAGMENT]),
  ],
  [
    'a plain, completed file',
    [box('ftyp'), box('mdat', 500), box('moov')],
    lengthOf([box('ftyp'), box('mdat', 500), box('moov')]),
  ],
  ['media without an index', [box('ftyp'), box('mdat', 500)], 0],
])('%s', async (_, boxes, kept) => {
  const path = join(folder, 'file.mp4')
  await writeFile(path, Buffer.concat(boxes))
  expect(await cutIncompleteFragments(path)).toBe(kept)
  expect(await readFile(path)).toEqual(Buffer.concat(boxes).subarray(0, kept || lengthOf(boxes)))
})

test('wherever a file breaks off, it is cut after its last whole fragment', async () => {
  const whole = Buffer.concat([...START, ...FRAGMENT, ...FRAGMENT])
  const ends = [lengthOf([...START, ...FRAGMENT]), whole.length]
  const path = join(folder, 'file.mp4')
  for (let length = 0; length <= whole.length; length++) {
    await writeFile(path, whole.subarray(0, length))
    const expected = ends.findLast((end) => end <= length) ?? 0
    expect([length, await cutIncompleteFragments(path)]).toEqual([length, expected])
  }
})

test.each([
  ['a size below the header', Buffer.from('000000076d646174', 'hex')],
  ['an open end', Buffer.from('000000006d646174', 'hex')],
  ['no type', Buffer.from('0000001000000000', 'hex')],
  ['a large size that is cut off', Buffer.from('000000016d646174', 'hex')],
  ['a large size beyond what a number holds', Buffer.from('000000016d646174ffffffffffffffff', 'hex')],
  ['too few bytes', Buffer.from('00000010', 'hex')],
])('%s is no box', (_, bytes) => {
  expect(parseBoxHeader(bytes, 0)).toBeNull()
})

test('a 64 bit size is read', () => {
  expect(parseBoxHeader(Buffer.from('000000016d6461740000000100000000', 'hex'), 4)).toEqual({
    type: 'mdat',
    offset: 4,
    size: 2 ** 32,
  })
  expect(endOfLastFragment([])).toBe(0)
})
