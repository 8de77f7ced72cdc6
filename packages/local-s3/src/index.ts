export { startLocalS3, type LocalS3, type LocalS3Options } from './start-local-s3.ts'
export { FolderInUseError } from './store/folder-lock.ts'
