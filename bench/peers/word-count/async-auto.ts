import async from "async";
import { type Counts, countFileAsync, mergeCounts } from "../../workloads/word-count.js";
import type { Contender } from "./contender.js";

type Outputs = Record<string, Counts>;

/** `async.auto` (async 3) with asynchronous functions (it knows them by the word `async`): a task a file, and one that names all of them. */
export const contender: Contender = {
  async open() {
    return { count, close: async () => {} };
  },
};

async function count(files: readonly string[]): Promise<Counts> {
  const names = files.map((_, index) => `file${index}`);
  const merge = [...names, async (outputs: Outputs) => mergeCounts({ counts: names.map((name) => outputs[name]!) })];
  const reads = files.map((file, index) => [names[index]!, async () => countFileAsync({ file })] as const);
  // as: the types of `async` describe tables whose keys are written out in the source
  const outputs = await async.auto<Outputs>(Object.fromEntries([...reads, ["merge", merge]]) as async.AsyncAutoTasks<Outputs, Error>);
  return outputs.merge!;
}
