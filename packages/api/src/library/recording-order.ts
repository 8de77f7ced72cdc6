import type { RecordingInfo } from '@roomreel/contracts'
import { z } from 'zod'
import { AppError } from '../app-error.ts'

/** A place in the list. */
export type Position = Pick<RecordingInfo, 'startedAt' | 'id' | 'name'>

/** Newest first; id and name break ties, so that the order is total and a cursor points between two rows. */
export function compareNewestFirst(a: Position, b: Position): number {
  return b.startedAt - a.startedAt || compareText(a.id, b.id) || compareText(a.name, b.name)
}

const compareText = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)

const CursorSchema = z.tuple([z.number(), z.string(), z.string()])

/** An opaque text for "after this recording"; it stays good when recordings come and go. */
export function encodeCursor({ startedAt, id, name }: Position): string {
  return Buffer.from(JSON.stringify([startedAt, id, name])).toString('base64url')
}

/** @throws AppError BAD_REQUEST for a text that no list has given out */
export function decodeCursor(cursor: string): Position {
  try {
    const [startedAt, id, name] = CursorSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    )
    return { startedAt, id, name }
  } catch (error) {
    throw new AppError('BAD_REQUEST', 'This cursor is not from a list of recordings.', { cause: error })
  }
}
