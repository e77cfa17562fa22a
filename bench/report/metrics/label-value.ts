import { createHash } from "node:crypto";

/** UTF-16 units of a label. What is longer ends in a digest of the whole, so that two of them stay two. */
export const LABEL_LENGTH_MAX = 160;
const DIGEST_LENGTH = 9;

/** What terminals obey: C0, DEL and C1; and marks that turn the direction of what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/g;
/** What stands before the last @ of a URL may be a password, whatever it holds. */
const CREDENTIALS = /(?<=\/\/).*@/s;

/** A text from outside, such as the name of a variant, as it may stand in a label: inert in a terminal, without credentials, of bounded length. */
export function labelValue(text: string): string {
  const inert = text.replace(CREDENTIALS, "***@").toWellFormed().replace(OBEYED, "\ufffd");
  if (inert.length <= LABEL_LENGTH_MAX) return inert;
  const digest = createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, DIGEST_LENGTH - 1);
  return `${inert.slice(0, LABEL_LENGTH_MAX - DIGEST_LENGTH).toWellFormed()}…${digest}`;
}
