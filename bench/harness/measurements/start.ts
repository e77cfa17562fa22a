import { performance } from "node:perf_hooks";

/** From the import of DataFlower to the answer of its first run, in a process that has done nothing with it yet. */
export interface StartParameters {
  readonly measure: "start";
  readonly threads: number;
}

export interface StartSample {
  readonly importMs: number;
  /** Until `start()` has given an engine: its threads run and have loaded a workflow of five tasks. */
  readonly startMs: number;
  /** From the submission of the first run of that workflow to its answer. */
  readonly firstRunMs: number;
}

/** Rejects when the answer is wrong. */
export async function measureStart({ threads }: StartParameters): Promise<StartSample> {
  const beganAt = performance.now();
  const { DataFlower } = await import("dataflower");
  const importedAt = performance.now();
  const { expectedOfFiveTasks, fiveTasks } = await import("../../workloads/five-tasks.js");
  const startAt = performance.now();
  await using engine = await DataFlower.start({ workflows: [fiveTasks], workers: threads, store: "memory:" });
  const startedAt = performance.now();
  const answer = await engine.run(fiveTasks, { n: 7 });
  const endedAt = performance.now();
  if (answer !== expectedOfFiveTasks(7)) throw new Error(`Cannot count this start as its first answer is wrong: ${answer}`);
  return { importMs: importedAt - beganAt, startMs: startedAt - startAt, firstRunMs: endedAt - startedAt };
}
