/** The version of LiveKit's Python SDK (`livekit` on PyPI) that tests use. */
export const PYTHON_LIVEKIT_VERSION: string

/** The virtual environment it is installed in: one for each version. */
export const PYTHON_LIVEKIT_FOLDER: string

/** The Python that has it, if `npm test` could bring it. */
export function findPythonLiveKit(): string | undefined
