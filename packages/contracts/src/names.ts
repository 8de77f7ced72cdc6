import { z } from 'zod'
import { MAX_NAME_LENGTH, MAX_RECORDING_NAME_LENGTH, MAX_ROOM_ID_LENGTH } from './limits.ts'

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, and the invisible marks that reorder
 * text: a name with them could pass for another one. Lone surrogates can't be written as UTF-8 at all.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u

/**
 * Marks that nobody sees: they come along when a name is copied, and two rooms that look alike would be two. Joiners
 * stay, because scripts and emoji are written with them.
 */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u2060-\u2064\u206A-\u206F\uFEFF\uFFF9-\uFFFB]/gu
/** At least one character that leaves something on the screen; some letters are blank. */
const VISIBLE = /[^\p{Cf}\p{Z}\u115F\u1160\u2800\u3164\uFFA0]/u

const displayName = (what: string) =>
  z
    .string()
    .max(MAX_NAME_LENGTH * 8, `${what} can have at most ${MAX_NAME_LENGTH} characters.`)
    .overwrite((name) => name.replace(INVISIBLE, ''))
    .trim()
    .refine((name) => name === '' || VISIBLE.test(name), { message: `${what} can't be blank.` })
    .min(1, `${what} can't be empty.`)
    .refine((name) => Array.from(name).length <= MAX_NAME_LENGTH, {
      message: `${what} can have at most ${MAX_NAME_LENGTH} characters.`,
    })
    .refine((name) => !UNPRINTABLE.test(name), { message: `${what} can't have control characters.` })
    .refine((name) => !/[/\\]/.test(name), { message: `${what} can't have slashes.` })

/** What people type to meet: 1–64 characters after trimming, any script, no control characters, no slashes. */
export const RoomNameSchema = displayName('The room name')
export type RoomName = z.infer<typeof RoomNameSchema>

/** The name that others see; the same rules as for a room's. */
export const ParticipantNameSchema = displayName('Your name')
export type ParticipantName = z.infer<typeof ParticipantNameSchema>

/** LiveKit's sid of one room session (`RM_…`): tomorrow's meeting of the same name has another. */
export const RoomIdSchema = z
  .string()
  .min(1)
  .max(MAX_ROOM_ID_LENGTH)
  .regex(/^[\w-]+$/, 'A room id has letters, digits, _ and - alone.')
export type RoomId = z.infer<typeof RoomIdSchema>

/**
 * A recording's file name as stored under RECORDINGS_PATH, with `.mp4`. It becomes part of an S3 key, so it
 * has no slashes: then nothing in it, leading dots included, can lead out of that folder.
 */
export const RecordingNameSchema = z
  .string()
  .max(MAX_RECORDING_NAME_LENGTH, 'No recording has so long a name.')
  .regex(/^[^/\\]+\.mp4$/, 'A recording name ends in .mp4 and has no slashes.')
  .refine((name) => !UNPRINTABLE.test(name), { message: "A recording name can't have control characters." })
export type RecordingName = z.infer<typeof RecordingNameSchema>
