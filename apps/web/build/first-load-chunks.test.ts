import { describe, expect, it } from 'vitest'
import { firstLoadChunks } from './first-load-chunks.ts'

const chunk = (imports: string[], isEntry = false) => ({ imports, isEntry })

describe('firstLoadChunks', () => {
  it('takes what the entry imports, however far away and in a circle, and nothing that is loaded later', () => {
    const chunks = new Map([
      ['index.js', chunk(['a.js'], true)],
      ['a.js', chunk(['b.js'])],
      ['b.js', chunk(['a.js'])],
      ['room.js', chunk(['b.js', 'livekit.js'])],
      ['livekit.js', chunk([])],
    ])
    expect([...firstLoadChunks(chunks)].toSorted()).toEqual(['a.js', 'b.js', 'index.js'])
  })
})
