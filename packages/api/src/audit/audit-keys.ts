import type { AuditEntry } from '@roomreel/contracts'
import { randomBytes } from 'node:crypto'

/** Where the entries about no recording are. */
const NO_RECORDING = 'session'

const STAMP = /\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)-[0-9a-f]+\.ndjson$/

/** Where the audit log is: a folder for each recording, and objects in it whose names sort by time. */
export interface AuditKeys {
  readonly root: string
  /** Everything about one recording: by its name, or its id while it has no name. */
  folder(subject: string): string
  /** A new object. @param at ms since the epoch of its first entry */
  batch(subject: string, at: number): string
}

/** @param recordingsPath RECORDINGS_PATH, empty or with a slash at its end */
export function auditKeys(recordingsPath: string): AuditKeys {
  const root = `${recordingsPath}.audit/`
  const folder = (subject: string) => `${root}${subject}/`
  return {
    root,
    folder,
    batch(subject, at) {
      const stamp = new Date(at).toISOString().replace(/[-:]/g, '')
      // Two replicas may write at the same millisecond
      return `${folder(subject)}${stamp}-${randomBytes(4).toString('hex')}.ndjson`
    },
  }
}

/** The folder that an entry belongs into. */
export function subjectOf({ recordingName, recordingId }: AuditEntry): string {
  return recordingName || recordingId || NO_RECORDING
}

/** ms since the epoch at which an object of the audit log begins; undefined for what is none. */
export function timeOfBatch(key: string): number | undefined {
  const [, year, month, day, hour, minute, rest] = STAMP.exec(key) ?? []
  if (year === undefined) return undefined
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${rest}`)
  return Number.isNaN(at) ? undefined : at
}
