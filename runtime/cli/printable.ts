/**
 * Text that a program does not control, made safe for a terminal. Names, messages and results may hold escape sequences that move
 * the cursor, retitle the window or hide what follows, and marks that turn the direction of writing.
 */

/** All control characters but tab and line feed. */
const controls = /(?![\t\n])\p{Cc}/gu;
/** Line and paragraph separators, and marks that change the direction of what follows. */
const layout = /[\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/** Several lines, without anything that a terminal would obey. */
export const printable = (text: string): string => text.replace(controls, "").replace(layout, "");

/** The same on one line. */
export const printableLine = (text: string): string => printable(text.replace(/\s+/g, " ")).trim();
