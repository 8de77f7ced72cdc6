import { z } from 'zod'
import { checksumAlgorithmSchema } from '../body/checksum-algorithm.ts'

/** A file of bytes that nobody changes once it is written. */
export const blobSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** Bytes. */
  size: z.int().nonnegative(),
})
export type Blob = z.infer<typeof blobSchema>

/** What the client said about an object, and gets back with it. */
export const objectHeadersSchema = z.object({
  contentType: z.string(),
  /** Cache-Control and the like, by lower-case header name. */
  headers: z.record(z.string(), z.string()),
  /** User metadata, by lower-case name without `x-amz-meta-`. */
  metadata: z.record(z.string(), z.string()),
})
export type ObjectHeaders = z.infer<typeof objectHeadersSchema>

const checksumSchema = z.object({
  algorithm: checksumAlgorithmSchema,
  /** Base64; of a composite checksum followed by `-` and the number of parts. */
  value: z.string(),
  type: z.enum(['FULL_OBJECT', 'COMPOSITE']),
})
export type StoredChecksum = z.infer<typeof checksumSchema>

export const storedObjectSchema = objectHeadersSchema.extend({
  /** Without quotes: MD5 in hexadecimal, or MD5 of MD5s, `-` and the number of parts. */
  etag: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
  /** Milliseconds since 1970. */
  modifiedMs: z.int(),
  /** In order; none for an empty object, several where it was uploaded in parts. */
  blobs: z.array(blobSchema).readonly(),
  checksum: checksumSchema.optional(),
})
export type StoredObject = Readonly<z.infer<typeof storedObjectSchema>>

/** Whether each blob is a part of its own. A copy has the blobs of its source, but is no longer in parts. */
export function isInParts({ etag }: StoredObject): boolean {
  return etag.includes('-')
}

export const uploadPartSchema = z.object({
  number: z.int().min(1).max(10_000),
  /** MD5 in hexadecimal, without quotes. */
  etag: z.string(),
  size: z.int().nonnegative(),
  modifiedMs: z.int(),
  blob: blobSchema,
  checksum: z.object({ algorithm: checksumAlgorithmSchema, value: z.string() }).optional(),
})
export type UploadPart = Readonly<z.infer<typeof uploadPartSchema>>

/** A multipart upload that has been neither completed nor aborted. */
export const uploadSchema = objectHeadersSchema.extend({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  bucket: z.string(),
  key: z.string(),
  startedMs: z.int(),
  checksum: z
    .object({ algorithm: checksumAlgorithmSchema, type: z.enum(['FULL_OBJECT', 'COMPOSITE']) })
    .optional(),
})
export type Upload = Readonly<z.infer<typeof uploadSchema>>
