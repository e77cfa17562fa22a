import { BroadcastChannel } from "node:worker_threads";
import { type Ref, workflow } from "dataflower";
import { type Output, step } from "../../workloads/task-graph.js";

/** One task of a run that the control thread takes care of. */
export interface ControlledTask {
  readonly run: number;
  readonly task: number;
  readonly inputs: readonly Output[];
}

/** What the control thread is told by a task that has ended. */
export interface EndedTask {
  readonly run: number;
  readonly task: number;
  readonly output: Output;
}

/** Of the channel: workers import this module by its address, which names it; without a name nobody is told. */
const channelName = new URL(import.meta.url).searchParams.get("channel") ?? "";
let channel: BroadcastChannel | undefined;

/** Opened by the first task of a thread: the control thread imports this module, too, and executes none. */
function channelOfThread(): BroadcastChannel {
  if (channel === undefined) {
    channel = new BroadcastChannel(channelName);
    channel.unref();
  }
  return channel;
}

function controlledStep({ run, task, inputs }: ControlledTask): Output {
  const output = step(inputs);
  if (channelName !== "") channelOfThread().postMessage({ run, task, output } satisfies EndedTask);
  return output;
}

/** A run of the engine for each task. */
export const controlledTask = workflow({ name: "controlled-task", module: import.meta.url }, (flow, input: Ref<ControlledTask>) =>
  flow.task(controlledStep, input),
);
