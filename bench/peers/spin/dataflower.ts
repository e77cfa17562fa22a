import { performance } from "node:perf_hooks";
import { DataFlower } from "dataflower";
import { checkSpun, SPIN_MS, spinStencil } from "../../workloads/spin-stencil.js";
import { spinWorkflow } from "./dataflower-workflow.js";

export interface SpinSample {
  /** Time spent in task bodies ÷ what the workers had from the submission to the result. */
  readonly usefulShare: number;
  /** The same with exactly SPIN_MS for each task: what bodies overran, garbage collection and lost cores, counts as lost. */
  readonly nominalShare: number;
  /** Share of the tasks that the worker with the fewest ran; 0 when one ran none. */
  readonly smallestWorkerShare: number;
  readonly makespansMs: readonly number[];
}

/** Runs the spin stencil alone, some times after one that does not count. The figures are those of the whole, not of the best run. */
export async function measureSpin({ threads, repeats }: { threads: number; repeats: number }): Promise<SpinSample> {
  const engine = await DataFlower.start({ workflows: [spinWorkflow], workers: threads, store: "memory:", profile: "throughput" });
  const makespansMs: number[] = [];
  let workMs = 0;
  const tasksByThread = new Map<number, number>();
  try {
    checkSpun(await engine.run(spinWorkflow, {}));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const startMs = performance.now();
      const run = await engine.submit(spinWorkflow, {});
      const answer = await run.result();
      makespansMs.push(performance.now() - startMs);
      workMs += (await run.summary()).workMs;
      checkSpun(answer);
      for (const { thread } of answer) tasksByThread.set(thread, (tasksByThread.get(thread) ?? 0) + 1);
    }
  } finally {
    await engine.close();
  }
  const tasks = spinStencil.size * repeats;
  const capacityMs = threads * makespansMs.reduce((sum, ms) => sum + ms, 0);
  const smallest = tasksByThread.size < threads ? 0 : Math.min(...tasksByThread.values());
  return {
    usefulShare: workMs / capacityMs,
    nominalShare: (tasks * SPIN_MS) / capacityMs,
    smallestWorkerShare: smallest / tasks,
    makespansMs,
  };
}
