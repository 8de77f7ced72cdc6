/** Most bytes of UTF-8 that livekit-server takes by default (its `limit` configuration). */
export const SIZE_LIMITS = { name: 256, metadata: 512 * 1024, attributes: 64 * 1024 } as const

export type SizeLimited = keyof typeof SIZE_LIMITS

/** The first part that is too large, if any; of attributes, all keys and values count together. */
export function findOversized(parts: {
  readonly name?: string
  readonly metadata?: string
  readonly attributes?: Readonly<Record<string, string>>
}): SizeLimited | undefined {
  const { name = '', metadata = '', attributes = {} } = parts
  if (sizeOf([name]) > SIZE_LIMITS.name) return 'name'
  if (sizeOf([metadata]) > SIZE_LIMITS.metadata) return 'metadata'
  if (sizeOf(Object.entries(attributes).flat()) > SIZE_LIMITS.attributes) return 'attributes'
  return undefined
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
}
