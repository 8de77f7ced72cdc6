import type { RecordingInfo } from '@roomreel/contracts'
import { BadgeCheck, TriangleAlert } from 'lucide-react'
import { classNames } from '../ui/class-names.ts'
import { checkInWords } from './check-in-words.ts'
import styles from './recording-facts.module.css'

/** What its file was found to be: a quiet mark when all is well, words when it is not. */
export function CheckMark({ recording }: { recording: RecordingInfo }) {
  const found = checkInWords(recording)
  if (!found) return null
  const { tone, label, text } = found
  if (tone === 'good') {
    return (
      <span className={styles['verified']} title={`${label}. ${text}`}>
        <BadgeCheck size={16} aria-hidden />
        <span className={styles['spoken']}>{label}</span>
      </span>
    )
  }
  return (
    <span className={classNames(styles['found'], styles[tone])} title={text}>
      <TriangleAlert size={15} aria-hidden /> {label}
    </span>
  )
}
