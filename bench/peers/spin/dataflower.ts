import { performance } from "node:perf_hooks";
import { DataFlower } from "dataflower";
import { checkSpun, SPIN_MS, spinStencil } from "../../workloads/spin-stencil.js";
import { spinWorkflow } from "./dataflower-workflow.js";

export interface SpinSample {
  /** Work done ÷ what the workers could have done from the submission to the result. */
  readonly usefulShare: number;
  /** Share of the tasks that the worker with the fewest ran; 0 when one ran none. */
  readonly smallestWorkerShare: number;
  readonly makespansMs: readonly number[];
}

/** Runs the spin stencil alone, some times after one that does not count. The figures are those of the whole, not of the best run. */
export async function measureSpin({ threads, repeats }: { threads: number; repeats: number }): Promise<SpinSample> {
  const engine = await DataFlower.start({ workflows: [spinWorkflow], workers: threads, store: "memory:", profile: "throughput" });
  const makespansMs: number[] = [];
  const tasksByThread = new Map<number, number>();
  try {
    checkSpun(await engine.run(spinWorkflow, {}));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const startMs = performance.now();
      const answer = await engine.run(spinWorkflow, {});
      makespansMs.push(performance.now() - startMs);
      checkSpun(answer);
      for (const { thread } of answer) tasksByThread.set(thread, (tasksByThread.get(thread) ?? 0) + 1);
    }
  } finally {
    await engine.close();
  }
  const tasks = spinStencil.size * repeats;
  const capacityMs = threads * makespansMs.reduce((sum, ms) => sum + ms, 0);
  const smallest = tasksByThread.size < threads ? 0 : Math.min(...tasksByThread.values());
  return { usefulShare: (tasks * SPIN_MS) / capacityMs, smallestWorkerShare: smallest / tasks, makespansMs };
}
