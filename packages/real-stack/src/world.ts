/**
 * What tests run against: the embedded stack, or (`ROOMREEL_WORLD=real`, as `npm run test:real` sets it) the real
 * livekit-server, Redis and MinIO.
 */
export function isRealWorld(): boolean {
  return process.env['ROOMREEL_WORLD'] === 'real'
}
