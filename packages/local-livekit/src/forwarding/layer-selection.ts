/** What is known of one simulcast layer when a layer is chosen. */
export interface LayerState {
  readonly layer: number
  readonly lastPacketMs: number
}

/** A layer that sent within this time is alive. */
const ALIVE_MS = 700
/** The layer in use is given up only after so long: screen shares pause between changes. */
const GIVE_UP_MS = 1_500

/**
 * The layer to forward: the highest one that is alive and not above `maxLayer`. The current one is kept while it may
 * only be pausing, that is until another one went on sending without it.
 * @param layers in ascending order
 * @returns a layer, or undefined when nothing is alive and nothing was chosen before
 */
export function selectLayer(
  layers: readonly LayerState[],
  maxLayer: number,
  currentLayer: number | undefined,
  nowMs: number,
): number | undefined {
  let best: number | undefined
  let current: LayerState | undefined
  for (const state of layers) {
    if (state.layer === currentLayer) current = state
    if (state.layer <= maxLayer && nowMs - state.lastPacketMs < ALIVE_MS) best = state.layer
  }
  if (current === undefined) return best
  if (best === undefined) return current.layer
  if (best >= current.layer || current.layer > maxLayer) return best
  return nowMs - current.lastPacketMs > GIVE_UP_MS ? best : current.layer
}
