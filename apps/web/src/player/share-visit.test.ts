import type { OpenShareInput, OpenShareOutput } from '@roomreel/contracts'
import { expect, it } from 'vitest'
import { createShareVisit } from './share-visit.ts'

const opened: OpenShareOutput = {
  recording: {
    id: 'EG_1',
    name: 'Board-RM_1-1.mp4',
    roomName: 'Board',
    roomId: 'RM_1',
    startedAt: 1,
    duration: 1,
    size: 1,
    status: 'COMPLETE',
  },
  url: '/media/x',
  expiresAt: 2,
  linkId: 'id',
  mayDownload: false,
  linkExpiresAt: 3,
}

function visit(linkId: string | undefined, token: string, isRefused = false) {
  const asked: string[] = []
  const call = (name: string) => (input: OpenShareInput) => {
    asked.push(`${name} ${input.shareToken}`)
    return isRefused ? Promise.reject(new Error('refused')) : Promise.resolve(opened)
  }
  const { load } = createShareVisit({ enter: call('enter'), open: call('open') }, linkId, token, (entered) =>
    asked.push(`entered ${entered}`),
  )
  return { load, asked }
}

it('swaps what is behind the # first, and shows the address without it afterwards', async () => {
  const { load, asked } = visit(undefined, 'id.secret')
  expect(await load({})).toBe(opened)
  expect(asked).toEqual(['enter id.secret', 'entered id'])
})

it('leaves the address as it is when the link does not open, so that it can be tried again', async () => {
  const { load, asked } = visit(undefined, 'id.secret', true)
  await expect(load({})).rejects.toThrow('refused')
  expect(asked).toEqual(['enter id.secret'])
})

it('opens by its id what was entered before', async () => {
  const { load, asked } = visit('id', '')
  await load({ download: true })
  expect(asked).toEqual(['open id'])
})
