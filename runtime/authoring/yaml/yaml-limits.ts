/** What a YAML file may be at most; beyond it is DF_SPEC_INVALID. Together they bound the time that a hostile file takes to be refused. */

/** Length in bytes of UTF-8. */
export const fileBytesMax = 128 * 1024;
export const linesMax = 20_000;
/** Words and marks: a task of four options is about fifty. */
export const lexemesMax = 100_000;
/** Lists and objects around a value. */
export const nestingMax = 64;
/** Length of a key in UTF-16 code units. */
export const keyLengthMax = 1024;
