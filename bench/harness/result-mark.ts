/** Stands before the result of a process on its standard output: what was called may print, too. */
export const RESULT_MARK = "\n\u0000result ";
