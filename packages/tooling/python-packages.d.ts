/** The file that names the packages of PyPI which tests need. */
export const PYTHON_REQUIREMENTS: string
/** The virtual environment that has them: another one whenever they change. */
export const PYTHON_FOLDER: string
/** The Python that has them, if it was brought. @returns its path */
export function findPython(): string | undefined
