/** EgressInfo counts nanoseconds since the epoch. @param ms milliseconds since the epoch, or of a duration */
export function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n
}
