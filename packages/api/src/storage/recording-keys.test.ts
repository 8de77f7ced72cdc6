import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { recordingKeys } from './recording-keys.ts'

it('keeps nothing in the bucket that docs/storage.md does not tell of', async () => {
  const page = await readFile(new URL('../../../../docs/storage.md', import.meta.url), 'utf8')
  const keys = recordingKeys('')
  const places = [
    keys.metadataPrefix,
    keys.failedPrefix,
    keys.claimPrefix,
    keys.deletedPrefix,
    keys.changePrefix,
    keys.snapshot,
    keys.newestPage,
    keys.passLease,
    keys.thumbnailTemplate.replace(/\{.*/, ''),
  ]
  expect(places.filter((place) => !page.includes(`\`${place}`))).toEqual([])
})
