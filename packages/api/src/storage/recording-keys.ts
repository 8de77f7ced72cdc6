/**
 * Where a recording's objects are. Names have passed `RecordingNameSchema` or come from S3 itself, so they hold
 * no slash. The folders with a dot are ours; of them the tutorial's app reads `.metadata/` alone.
 */
export interface RecordingKeys {
  /** What is before every key. */
  readonly root: string
  readonly metadataPrefix: string
  readonly failedPrefix: string
  readonly claimPrefix: string
  file(recordingName: string): string
  /** What is known of a recording that has a file. */
  metadata(recordingName: string): string
  /** What is known of a recording that ended without a file. */
  failed(recordingName: string): string
  /** The record that only one recording of a room session can hold. */
  claim(roomId: string): string
  readonly deletedPrefix: string
  /** The record that a recording was deleted: late news must not bring it back. */
  tombstone(recordingName: string): string
  readonly changePrefix: string
  /** One entry of the log of changes; entries are read in the order of their ids. */
  change(id: string): string
  /** What a new process may begin with instead of reading everything; it can be lost at any time. */
  readonly snapshot: string
  /** The newest recordings alone, with which a new process answers before it knows the others. */
  readonly newestPage: string
  /** Which replica went through the library last. */
  readonly passLease: string
  /** What a new recording's picture is to be called, without `.jpeg`; the recorder fills in the braces. */
  readonly thumbnailTemplate: string
  /** The place below our folder of a picture that was taken at the same second as the file was begun. */
  thumbnailFor(recordingName: string): string
  /** The recording whose picture has this key. */
  recordingOfPicture(key: string): string
  /** A picture's place below our folder, for the prefix that an egress wrote it under; undefined for another folder. */
  thumbnailOf(imagePrefix: string): string | undefined
  /** The recording's name for a path that an egress wrote to; undefined when that is not below our folder. */
  nameOfFile(path: string): string | undefined
}

/** @param recordingsPath RECORDINGS_PATH, empty or with a slash at its end */
export function recordingKeys(recordingsPath: string): RecordingKeys {
  const metadataPrefix = `${recordingsPath}.metadata/`
  const failedPrefix = `${recordingsPath}.failed/`
  const claimPrefix = `${recordingsPath}.claims/`
  const deletedPrefix = `${recordingsPath}.deleted/`
  const changePrefix = `${recordingsPath}.changes/`
  const base = (recordingName: string) => recordingName.replace(/\.mp4$/, '')
  return {
    root: recordingsPath,
    metadataPrefix,
    failedPrefix,
    claimPrefix,
    deletedPrefix,
    file: (name) => recordingsPath + name,
    metadata: (name) => `${metadataPrefix}${base(name)}.json`,
    failed: (name) => `${failedPrefix}${base(name)}.json`,
    claim: (roomId) => `${claimPrefix}${roomId}.json`,
    tombstone: (name) => `${deletedPrefix}${base(name)}.json`,
    changePrefix,
    change: (id) => `${changePrefix}${id}.json`,
    snapshot: `${recordingsPath}.index/recordings.ndjson.gz`,
    newestPage: `${recordingsPath}.index/newest.json`,
    passLease: `${recordingsPath}.reconciler.json`,
    thumbnailTemplate: `${recordingsPath}.thumbnails/{room_name}-{room_id}-{time}`,
    thumbnailFor: (name) => `.thumbnails/${base(name)}.jpeg`,
    recordingOfPicture: (key) => key.slice(`${recordingsPath}.thumbnails/`.length).replace(/\.jpeg$/, '.mp4'),
    thumbnailOf: (imagePrefix) =>
      imagePrefix.startsWith(`${recordingsPath}.thumbnails/`) && !imagePrefix.includes('{')
        ? `${imagePrefix.slice(recordingsPath.length)}.jpeg`
        : undefined,
    nameOfFile(path) {
      const rest = path.startsWith(recordingsPath) ? path.slice(recordingsPath.length) : ''
      return rest.includes('/') || !rest.endsWith('.mp4') ? undefined : rest
    },
  }
}
