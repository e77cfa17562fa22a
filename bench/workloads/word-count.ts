/**
 * Word count over text files: one task a file reads and counts, one task merges.
 *
 * A word is a run of letters, digits and apostrophes, in lower case. The bodies are shared by all contenders; `expectedWordCount`
 * is the plain loop they are checked against, written apart from them.
 */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";

export type Counts = Map<string, number>;

/** Body of the task that runs once a file. */
export function countFile({ file }: { file: string }): Counts {
  return countWords(readFileSync(file, "utf8"));
}

/** The same body where the file is read without blocking the thread. */
export async function countFileAsync({ file }: { file: string }): Promise<Counts> {
  return countWords(await readFile(file, "utf8"));
}

export function countWords(text: string): Counts {
  const counts: Counts = new Map();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Body of the last task. */
export function mergeCounts({ counts }: { counts: readonly Counts[] }): Counts {
  const merged: Counts = new Map();
  for (const one of counts) for (const [word, count] of one) merged.set(word, (merged.get(word) ?? 0) + count);
  return merged;
}

/** All files as one text, counted in one go: shares no code with the tasks. */
export function expectedWordCount(files: readonly string[]): Counts {
  const counts: Counts = new Map();
  for (const file of files) {
    for (const match of readFileSync(file, "utf8")
      .toLowerCase()
      .matchAll(/[\p{L}\p{N}']+/gu)) {
      const word = match[0];
      const seen = counts.get(word);
      counts.set(word, seen === undefined ? 1 : seen + 1);
    }
  }
  return counts;
}

/** Throws unless both hold the same words the same number of times. */
export function checkWordCount(answer: Counts, expected: Counts): void {
  if (answer.size !== expected.size)
    throw new Error(`Cannot count this run as its answer is wrong: ${answer.size} words, not ${expected.size}`);
  for (const [word, count] of expected) {
    const found = answer.get(word);
    if (found !== count)
      throw new Error(`Cannot count this run as its answer is wrong: ${found} times ${JSON.stringify(word)}, not ${count}`);
  }
}
