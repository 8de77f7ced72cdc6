/** The one account of the endpoint. */
export interface Credentials {
  readonly accessKey: string
  readonly secretKey: string
  /** Signatures of Version 4 for another region are refused; absent means any region is taken. */
  readonly region: string | undefined
}
