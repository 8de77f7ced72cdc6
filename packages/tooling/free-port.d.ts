/** A TCP port of loopback that nothing listens on at this moment. */
export function freePort(): Promise<number>
