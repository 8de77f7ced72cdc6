import { XMLParser } from 'fast-xml-parser'
import type { z } from 'zod'
import { S3Error } from '../s3-error.ts'
import { verifiedBody, type VerifiedBodyOptions } from './verified-body.ts'

/** Room for the largest lists S3 allows: 10,000 parts, or 1000 keys of 1024 bytes with every character escaped. */
const MAX_XML_BYTES = 8 * 1024 * 1024

const REPEATED = new Set(['Object', 'Part', 'CORSRule'])

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // A key may look like a number, or begin with a space
  parseTagValue: false,
  trimValues: false,
  // Done below: the parser leaves numeric references, which S3 clients use, as they are
  processEntities: false,
  isArray: (name) => REPEATED.has(name),
})

/**
 * Reads a whole XML body into the shape of a schema.
 *
 * @throws S3Error MalformedXML, MaxMessageLengthExceeded, and those of verifiedBody
 */
export async function readXmlBody<T>(
  options: Omit<VerifiedBodyOptions, 'maxBytes'>,
  schema: z.ZodType<T>,
): Promise<T> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of verifiedBody({ ...options, maxBytes: MAX_XML_BYTES })) chunks.push(chunk)
  } catch (error) {
    if (error instanceof S3Error && error.code === 'EntityTooLarge')
      throw new S3Error('MaxMessageLengthExceeded')
    throw error
  }
  const text = Buffer.concat(chunks).toString('utf8')
  // Entities of one's own are how a small document becomes a huge one
  if (text.includes('<!')) throw new S3Error('MalformedXML', 'The XML must not hold declarations.')
  let document: unknown
  try {
    document = parser.parse(text, true)
  } catch (cause) {
    throw new S3Error('MalformedXML', undefined, { cause })
  }
  const parsed = schema.safeParse(document)
  if (!parsed.success) throw new S3Error('MalformedXML', undefined, { cause: parsed.error })
  return parsed.data
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Resolves the five entities of XML and numeric references (XML 1.0 section 4.1).
 *
 * @throws S3Error MalformedXML
 */
export function decodeXmlText(text: string): string {
  return text.replace(/&([^;&]{0,12})(;?)/g, (_, name: string, end: string) => {
    const named = NAMED[name]
    if (end === ';' && named !== undefined) return named
    const reference = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name)
    const code = reference
      ? Number.parseInt(reference[1] ?? reference[2] ?? '', reference[1] === undefined ? 10 : 16)
      : -1
    const isCharacter = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
    if (end !== ';' || !isCharacter) throw new S3Error('MalformedXML')
    return String.fromCodePoint(code)
  })
}
