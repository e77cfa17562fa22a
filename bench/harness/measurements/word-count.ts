import { performance } from "node:perf_hooks";
import { wordCountContenderOf } from "../../peers/word-count/contenders.js";
import { markdownFiles } from "../../workloads/markdown-files.js";
import { type Counts, checkWordCount, expectedWordCount } from "../../workloads/word-count.js";

/** Words of all Markdown files under node_modules of `packageRoot`, counted `repeats` times after one time that does not count. */
export interface WordCountParameters {
  readonly measure: "word-count";
  readonly threads: number;
  readonly packageRoot: string;
  readonly repeats: number;
}

export interface WordCountSample {
  readonly fileCount: number;
  readonly wordCount: number;
  /** From the list of files to the merged counts, each. */
  readonly makespansMs: readonly number[];
}

export async function measureWordCount(name: string, { threads, packageRoot, repeats }: WordCountParameters): Promise<WordCountSample> {
  const files = markdownFiles(packageRoot);
  const expected = expectedWordCount(files);
  const session = await (await wordCountContenderOf(name)).open({ threads });
  checkWordCount(await session.count(files), expected);
  const makespansMs: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const startMs = performance.now();
    const answer = await session.count(files);
    makespansMs.push(performance.now() - startMs);
    checkWordCount(answer, expected);
  }
  await session.close();
  return { fileCount: files.length, wordCount: total(expected), makespansMs };
}

function total(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
