/** The Chromium or Chrome that browser tests use: CHROMIUM_PATH, or the first that is installed. */
export function findChromium(): string | undefined

/** For headless runs as any user, with a camera and a microphone that are always there and always allowed. */
export const CHROMIUM_ARGS: readonly string[]
