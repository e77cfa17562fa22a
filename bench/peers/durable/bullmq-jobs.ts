import { childrenOf, type Output, sourceInputs, step, type TaskGraph } from "../../workloads/task-graph.js";
import { Batcher } from "./batcher.js";
import { openWorker } from "./bullmq.js";
import type { DurableContender } from "./contender.js";
import { LiveRuns } from "./live-runs.js";

interface TaskData {
  readonly run: number;
  readonly task: number;
  readonly inputs: readonly Output[];
}

/** What an application keeps of a run to know which task is ready. */
interface RunState {
  readonly outputs: Output[];
  /** Inputs that are not there yet, by task. */
  readonly missing: number[];
  sinksMissing: number;
}

type NewJob = { readonly name: string; readonly data: TaskData };

/**
 * BullMQ, every task a job: a queue knows no edges, so a job adds those whose last input it was, with all their inputs, before it ends; a run has ended when
 * the jobs of all its sinks have. Jobs that are added during one turn of the event loop are added in bulk (half as many again a second as each by itself).
 *
 * Which inputs are missing is counted in the memory of this process. An application that must survive would keep that in Redis, too: BullMQ is measured without
 * what this would cost.
 */
export const contender: DurableContender = {
  async open({ graph, store }) {
    const { body = step } = graph;
    const children = childrenOf(graph);
    const runs = new LiveRuns<RunState>();
    const adding = new Batcher<NewJob>((jobs) => queue.addBulk(jobs));
    const { queue, close } = await openWorker<TaskData, Output>({
      url: store,
      async process({ data: { run, task, inputs } }) {
        const state = runs.get(run);
        const output = body(inputs);
        state.outputs[task] = output;
        const ready = children[task]!.filter((child) => --state.missing[child]! === 0);
        if (ready.length > 0) await adding.add(...ready.map((child) => jobOf(graph, state, run, child)));
        return output;
      },
      completed({ data: { run, task } }) {
        if (children[task]!.length > 0) return;
        const state = runs.get(run);
        if (--state.sinksMissing === 0)
          runs.end(
            run,
            graph.sinks.map((sink) => state.outputs[sink]!),
          );
      },
      failed: runs.fail,
    });
    const sources = [...graph.parents.keys()].filter((task) => graph.parents[task]!.length === 0);
    return {
      run: (input) =>
        runs.begin(stateOf(graph), (run) =>
          adding.add(...sources.map((task) => ({ name: "task", data: { run, task, inputs: sourceInputs(task, input) } }))),
        ),
      close,
    };
  },
};

function stateOf({ size, parents, sinks }: TaskGraph): RunState {
  return { outputs: new Array<Output>(size), missing: parents.map((from) => from.length), sinksMissing: sinks.length };
}

function jobOf({ parents }: TaskGraph, { outputs }: RunState, run: number, task: number): NewJob {
  return { name: "task", data: { run, task, inputs: parents[task]!.map((parent) => outputs[parent]!) } };
}
