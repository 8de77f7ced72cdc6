import type { RecordingInfo } from '@roomreel/contracts'
import { Notice } from '../ui/notice.tsx'
import { checkInWords } from './check-in-words.ts'

/** Says plainly over a player what is wrong with the file, if something is. */
export function CheckNotice({ recording }: { recording: RecordingInfo }) {
  const found = checkInWords(recording)
  if (!found || found.tone === 'good') return null
  return <Notice tone={found.tone === 'bad' ? 'problem' : 'warning'}>{found.text}</Notice>
}
