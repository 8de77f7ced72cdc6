/** Every response says which run of the server it comes from. S3's second request id is opaque, so it can carry that. */
export const INSTANCE_HEADER = 'x-amz-id-2'
