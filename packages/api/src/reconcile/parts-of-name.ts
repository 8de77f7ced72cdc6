/** What the name of a recording's file says: `{room_name}-{room_id}-{time}.mp4`, as Egress fills it in. */
export interface NameParts {
  /** The whole name where it has another form. */
  readonly roomName: string
  readonly roomId: string
  /** ms since the epoch, in whole seconds; undefined where the name does not say. */
  readonly startedAt: number | undefined
}

/** Egress writes {time} as `2006-01-02T150405`, in its own time zone, which is UTC in its images. */
const FORM = /^(.*)-(RM_[A-Za-z0-9]+)-(?:(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2}))?.*$/s

/** Pure. */
export function partsOfName(recordingName: string): NameParts {
  const base = recordingName.replace(/\.mp4$/, '')
  const [, roomName, roomId, date, hours, minutes, seconds] = FORM.exec(base) ?? []
  if (roomName === undefined || roomId === undefined)
    return { roomName: base, roomId: '', startedAt: undefined }
  const startedAt = date === undefined ? Number.NaN : Date.parse(`${date}T${hours}:${minutes}:${seconds}Z`)
  return { roomName, roomId, startedAt: Number.isNaN(startedAt) ? undefined : startedAt }
}
