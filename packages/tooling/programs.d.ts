/** Where programs are kept that tests had to build. */
export const PROGRAMS_FOLDER: string
/** An installed program: on PATH, or one that tests have built. @returns its path */
export function findProgram(name: string): string | undefined
/** Whether this process may run the file. */
export function isExecutable(path: string): boolean
