import { BroadcastChannel } from "node:worker_threads";
import { type Ref, workflow } from "dataflower";
import { type Output, step } from "../../workloads/task-graph.js";

/** One task as a run of its own. */
export interface TaskRun {
  /** Names it to who triggers the tasks behind it. */
  readonly id: number;
  readonly inputs: readonly Output[];
}

/** What a task tells the control thread at its end, before anything of it is kept. */
export interface TaskEnded {
  readonly id: number;
  readonly output: Output;
}

export const ENDED_CHANNEL = "dataflower-bench-control-flow";
let channel: BroadcastChannel | undefined;

/** The body of the task. */
export function runTask({ inputs }: TaskRun): Output {
  return step(inputs);
}

/** The same, and tells of its end at once. */
export function runTaskAndTell({ id, inputs }: TaskRun): Output {
  const output = step(inputs);
  channel ??= openChannel();
  channel.postMessage({ id, output } satisfies TaskEnded);
  return output;
}

/** It keeps no thread alive. */
function openChannel(): BroadcastChannel {
  const opened = new BroadcastChannel(ENDED_CHANNEL);
  opened.unref();
  return opened;
}

const module = import.meta.url;
export const storedBefore = workflow({ name: "stored-before", module }, (flow, task: Ref<TaskRun>) => flow.task(runTask, task));
export const storedAfter = workflow({ name: "stored-after", module }, (flow, task: Ref<TaskRun>) => flow.task(runTaskAndTell, task));
