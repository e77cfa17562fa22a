import { randomUUID } from "node:crypto";
import { BroadcastChannel } from "node:worker_threads";
import { DataFlower } from "dataflower";
import { childrenOf, type Output, sourceInputs, type TaskGraph } from "../../workloads/task-graph.js";
import type { DurableContender, DurableSetting } from "./contender.js";
import type { ControlledTask, EndedTask } from "./control-flow-workflow.js";
import { LiveRuns } from "./live-runs.js";

type WorkflowModule = typeof import("./control-flow-workflow.js");

/**
 * Control flow on our own engine: each task is a run of its own, and a thread that executes none of them, the control thread, starts a task when all of its
 * inputs exist, as orchestrators do. The same threads, the same store and the same bodies as data flow, where tasks are released by the task before them.
 *
 * `strict`: a task is triggered when the outputs that it reads are durable. `pipelined`: handlers tell the control thread of their ends at once, and it
 * triggers while the store commits behind; the answer of a run is given when all of its tasks are durable, either way.
 */
export const contender: DurableContender = {
  async open(setting) {
    const isTold = setting.commit === "pipelined";
    const channelName = isTold ? `dataflower-control-flow-${randomUUID()}` : "";
    const { engine, execute } = await openEngine(setting, channelName);
    const runs = new LiveRuns<ControlledRun>();
    const tell = ({ run, task, output }: EndedTask): void => {
      if (runs.has(run)) runs.get(run).ended(task, output); // the store may have been faster, and the run be over
    };
    const channel = isTold ? listen(channelName, tell) : undefined;
    const children = childrenOf(setting.graph);
    return {
      run: (input) => {
        const state = new ControlledRun({ graph: setting.graph, children, input, execute });
        return runs.begin(state, async (id) => {
          await state.start(id, () => runs.end(id, state.answer()), runs.fail);
        });
      },
      async close() {
        channel?.close();
        await engine.close();
      },
    };
  },
};

async function openEngine({ threads, store, durability, commit }: DurableSetting, channel: string) {
  const address = new URL("./control-flow-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ channel }).toString();
  const { controlledTask }: WorkflowModule = await import(address.href);
  const options = { workers: threads, store, durability, commit } as const;
  const engine = await DataFlower.start({ workflows: [controlledTask], profile: "throughput", ...options });
  return { engine, execute: (task: ControlledTask) => engine.run(controlledTask, task) };
}

function listen(name: string, told: (ended: EndedTask) => void): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (message) => told((message as { readonly data: EndedTask }).data); // as: nothing else is posted to this channel
  return channel;
}

interface Parts {
  readonly graph: TaskGraph;
  readonly children: readonly (readonly number[])[];
  readonly input: Output;
  execute(task: ControlledTask): Promise<Output>;
}

/** What the control thread knows of one run. */
class ControlledRun {
  readonly #parts: Parts;
  readonly #outputs: (Output | undefined)[];
  /** Inputs that do not exist yet, by task. */
  readonly #missing: number[];
  #undurable: number;
  #id = 0;
  #done: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  constructor(parts: Parts) {
    this.#parts = parts;
    const { size, parents } = parts.graph;
    this.#outputs = new Array<Output | undefined>(size);
    this.#missing = parents.map((from) => from.length);
    this.#undurable = size;
  }

  /** @param done called when all tasks are durable */
  async start(id: number, done: () => void, fail: (error: Error) => void): Promise<void> {
    [this.#id, this.#done, this.#fail] = [id, done, fail];
    const { parents } = this.#parts.graph;
    for (let task = 0; task < parents.length; task++) if (parents[task]!.length === 0) this.#trigger(task);
  }

  /** Its output exists, by whoever tells it first; each of its children is started whose last missing input this was. */
  ended(task: number, output: Output): void {
    if (this.#outputs[task] !== undefined) return;
    this.#outputs[task] = output;
    for (const child of this.#parts.children[task]!) if (--this.#missing[child]! === 0) this.#trigger(child);
  }

  answer(): Output[] {
    return this.#parts.graph.sinks.map((sink) => this.#outputs[sink]!);
  }

  #trigger(task: number): void {
    const { graph, input, execute } = this.#parts;
    const from = graph.parents[task]!;
    const inputs = from.length === 0 ? sourceInputs(task, input) : from.map((parent) => this.#outputs[parent]!);
    execute({ run: this.#id, task, inputs }).then((output) => this.#durable(task, output), this.#fail);
  }

  /** Its output is durable, whether a handler has told of it before or not. */
  #durable(task: number, output: Output): void {
    this.ended(task, output);
    this.#undurable -= 1;
    if (this.#undurable === 0) this.#done();
  }
}
