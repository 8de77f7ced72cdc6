import { test } from '../src/test.ts'
import { wholeMeeting } from '../src/whole-meeting.ts'

test.use({ environment: { RECORDING_PLAYBACK_STRATEGY: 'PROXY' } })

test('two people meet, record, play and delete, with playback through the server', async ({
  browser,
  product,
}) => {
  await wholeMeeting(browser, product.url)
})
