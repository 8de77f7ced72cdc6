/** Limits that the server enforces, forms announce and tests probe: one constant for all three. */

/** Characters (code points) of a room or participant name after trimming. */
export const MAX_NAME_LENGTH = 64
/** Characters of a stored recording name, `.mp4` included; S3 keys end at 1024 bytes. */
export const MAX_RECORDING_NAME_LENGTH = 512
export const MAX_LIST_LIMIT = 100
export const DEFAULT_LIST_LIMIT = 24
/** Characters of a search text. */
export const MAX_SEARCH_LENGTH = 200
/** Characters of an opaque list cursor. */
export const MAX_CURSOR_LENGTH = 1024
/** Recordings that one call may delete. */
export const MAX_DELETE_COUNT = 100
export const MIN_SHARE_SECONDS = 60
export const MAX_SHARE_SECONDS = 30 * 24 * 60 * 60
export const DEFAULT_SHARE_SECONDS = 7 * 24 * 60 * 60
/** Characters of a password typed at log-in; longer ones are not even hashed. */
export const MAX_PASSWORD_LENGTH = 256
/** Characters of what opens a share link; a good one is much shorter. */
export const MAX_SHARE_TOKEN_LENGTH = 256
/** Links that one recording can have at a time. */
export const MAX_SHARE_LINKS = 50
/** Characters of a LiveKit room sid. */
export const MAX_ROOM_ID_LENGTH = 64
/** Entries of the audit log that are shown of one recording, the newest. */
export const MAX_AUDIT_ENTRIES = 200
