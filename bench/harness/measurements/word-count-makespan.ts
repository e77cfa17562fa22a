import { DataFlower, type TaskRecord } from "dataflower";
import { wordCount } from "../../peers/word-count/dataflower-workflow.js";
import { markdownFiles } from "../../workloads/markdown-files.js";
import { checkWordCount, expectedWordCount, mergeCounts } from "../../workloads/word-count.js";
import { type MakespanBounds, makespanBounds } from "../graham-bound.js";

/** Word count, repeated after one time that does not count: what its schedule takes beside what its tasks have taken. */
export interface WordCountMakespanParameters {
  readonly measure: "word-count-makespan";
  readonly threads: number;
  readonly packageRoot: string;
  readonly repeats: number;
}

/** Bounds by the times that the tasks of this very run have taken. */
export interface MeasuredMakespan extends MakespanBounds {
  readonly makespanMs: number;
}

export interface WordCountMakespanSample {
  readonly runs: readonly MeasuredMakespan[];
}

/** Rejects when an answer is wrong. */
export async function measureWordCountMakespan(parameters: WordCountMakespanParameters): Promise<WordCountMakespanSample> {
  const { threads, packageRoot, repeats } = parameters;
  const files = markdownFiles(packageRoot);
  const expected = expectedWordCount(files);
  await using engine = await DataFlower.start({ workflows: [wordCount], workers: threads, store: "memory:", record: true });
  const runs: MeasuredMakespan[] = [];
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const run = await engine.submit(wordCount, { files });
    checkWordCount(await run.result(), expected);
    const [{ makespanMs }, records] = await Promise.all([run.summary(), run.tasks()]);
    runs.push({ makespanMs, ...boundsOf(records, threads) });
  }
  return { runs: runs.slice(1) };
}

/** A task a file, then one that waits for all of them. */
function boundsOf(records: readonly TaskRecord[], workers: number): MakespanBounds {
  const tookMs = ({ startedAt, endedAt }: TaskRecord) => endedAt - startedAt;
  const counts = records.filter(({ name }) => name !== mergeCounts.name).map(tookMs);
  const merges = records.filter(({ name }) => name === mergeCounts.name).map(tookMs);
  const [mergeMs] = merges;
  if (mergeMs === undefined || merges.length > 1) throw new Error(`Cannot count this run as one task must merge: found ${merges.length}`);
  const workMs = counts.reduce((sum, ms) => sum + ms, mergeMs);
  return makespanBounds({ workMs, criticalPathMs: Math.max(...counts) + mergeMs, workers });
}
