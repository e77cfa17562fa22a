import { type Ref, type TaskContext, workflow } from "dataflower";
import { coinName, falls, type Toss } from "./coins.js";
import { runKernel } from "./kernel.js";

/**
 * Workers import this module by its address, which says how many tasks and attempts there are, whether attempts are put off, and how long
 * each of them works: `coins-workflow.js?tasks=10&attempts=3&delays=none&kernel=100`.
 */
const query = new URL(import.meta.url).searchParams;
const tasks = Number(query.get("tasks"));
const attempts = Number(query.get("attempts"));
const kernelRepeats = Number(query.get("kernel") ?? 0);
const delays = query.get("delays") === "default" ? {} : { delay: 0, jitter: false };

/** Its result: the attempt in which each task succeeded. */
export const coins = workflow(
  { name: `coins-${tasks}`, module: import.meta.url, defaults: { retry: { attempts, ...delays } } },
  (flow, input: Ref<Toss>) => {
    const tossed = Array.from({ length: tasks }, (_, index) => flow.task(toss, input, { name: coinName(index) }));
    return flow.task(gather, tossed);
  },
);

function toss(input: Toss, { runId, taskId, attempt }: TaskContext): number {
  runKernel(kernelRepeats);
  if (falls(input, runId, taskId, attempt)) throw new Error(`attempt ${attempt} of ${taskId} has lost its toss`);
  return attempt;
}

function gather(succeededIn: readonly number[]): readonly number[] {
  return succeededIn;
}
