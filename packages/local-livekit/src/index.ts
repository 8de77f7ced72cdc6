export type { LocalLiveKitOptions } from './local-livekit-options.ts'
export type { EgressIo, EgressService, StartEgressCall } from './egress/egress-service.ts'
export { startLocalLiveKit, type LocalLiveKit } from './start-local-livekit.ts'
