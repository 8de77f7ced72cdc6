/** Something that goes from one part of the product to another and can be stopped on its way. */
export interface Passage {
  /** Between the application and S3, between it and LiveKit's API, or from LiveKit's webhooks to the application. */
  readonly gate: 's3' | 'livekit' | 'webhook'
  readonly method: string
  /** Decoded; of a webhook, the event's name. */
  readonly path: string
  readonly body: string
}
