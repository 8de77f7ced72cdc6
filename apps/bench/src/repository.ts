import { fileURLToPath } from 'node:url'

/** The root folder of the sources. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url))
