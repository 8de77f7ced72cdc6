import { elements, exchange, type Answer, type Exchange } from './exchange.ts'
import type { Endpoint } from './start-endpoint.ts'

/** An upload and the requests that are about it. */
export class OpenUpload {
  readonly #endpoint: Endpoint
  readonly key: string
  readonly uploadId: string

  private constructor(endpoint: Endpoint, key: string, uploadId: string) {
    this.#endpoint = endpoint
    this.key = key
    this.uploadId = uploadId
  }

  /** @throws if there is no upload id in the answer */
  static async create(
    endpoint: Endpoint,
    key: string,
    headers: Record<string, string> = {},
  ): Promise<OpenUpload> {
    const answer = await exchange(endpoint, { method: 'POST', key, query: { uploads: '' }, headers })
    const [uploadId] = elements(answer, 'UploadId')
    if (uploadId === undefined) throw new Error(`No upload was created: ${answer.status} ${answer.text}`)
    return new OpenUpload(endpoint, key, uploadId)
  }

  request(wanted: Exchange): Promise<Answer> {
    return exchange(this.#endpoint, {
      key: this.key,
      ...wanted,
      query: { uploadId: this.uploadId, ...wanted.query },
    })
  }

  part(
    number: number | string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.request({ method: 'PUT', query: { partNumber: String(number) }, body, headers })
  }

  /** @param parts number, ETag, more elements */
  complete(
    parts: ReadonlyArray<readonly [number: number, etag: string, more?: string]>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const list = parts.map(
      ([number, etag, more = '']) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag>${more}</Part>`,
    )
    const body = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`
    return this.request({ method: 'POST', body, headers })
  }

  abort(): Promise<Answer> {
    return this.request({ method: 'DELETE' })
  }
}
