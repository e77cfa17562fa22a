import { type FlowJob, FlowProducer } from "bullmq";
import { type Output, sourceInputs, step, type TaskGraph } from "../../workloads/task-graph.js";
import { connectionOf, JOB_OPTIONS, openWorker, QUEUE } from "./bullmq.js";
import type { DurableContender } from "./contender.js";
import { LiveRuns } from "./live-runs.js";
import { isTree } from "./tree.js";

interface NodeData {
  readonly run: number;
  readonly task: number;
  /** Of tasks without parents; others ask Redis for the results of their children. */
  readonly inputs?: readonly Output[];
}

/** Of the keys in Redis, as BullMQ's documentation has it. */
const PREFIX = "bull";

/**
 * BullMQ, every run a flow: a tree of jobs that is stored at once, in which those that a job reads are its children. What is no tree cannot be a flow.
 * Flows of many runs added in bulk are no faster than each by itself.
 */
export const contender: DurableContender = {
  async open({ graph, store }) {
    const { body = step } = graph;
    const root = rootOf(graph);
    const runs = new LiveRuns<undefined>();
    const producer = new FlowProducer({ connection: connectionOf(store), prefix: PREFIX });
    producer.on("error", runs.fail);
    const { close } = await openWorker<NodeData, Output>({
      url: store,
      async process(job) {
        const { run, task, inputs } = job.data;
        if (inputs !== undefined) return body(inputs);
        const values = await job.getChildrenValues<Output>();
        return body(graph.parents[task]!.map((parent) => values[`${PREFIX}:${QUEUE}:${idOf(run, parent)}`]!));
      },
      completed({ data: { run, task } }, output) {
        if (task === root) runs.end(run, [output]);
      },
      failed: runs.fail,
    });
    await producer.waitUntilReady();
    return {
      run: (input) => runs.begin(undefined, (run) => producer.add(nodeOf(graph, root, run, input))),
      async close() {
        await close();
        await producer.close();
      },
    };
  },
};

function rootOf(graph: TaskGraph): number {
  if (!isTree(graph)) throw new Error(`Cannot execute ${graph.name} as a flow must be a tree`);
  return graph.sinks[0]!;
}

function nodeOf(graph: TaskGraph, task: number, run: number, input: Output): FlowJob {
  const from = graph.parents[task]!;
  const node = { name: "task", queueName: QUEUE, opts: { ...JOB_OPTIONS, jobId: idOf(run, task) } };
  if (from.length === 0) return { ...node, data: { run, task, inputs: sourceInputs(task, input) } satisfies NodeData };
  return { ...node, data: { run, task } satisfies NodeData, children: from.map((parent) => nodeOf(graph, parent, run, input)) };
}

/** BullMQ allows no colon in an id. */
function idOf(run: number, task: number): string {
  return `${run}-${task}`;
}
