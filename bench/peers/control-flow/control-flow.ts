import { BroadcastChannel } from "node:worker_threads";
import { DataFlower, type EngineOptions } from "dataflower";
import type { Output } from "../../workloads/task-graph.js";
import type { DurableContender } from "../durable/contender.js";
import type { Session } from "../graph/contender.js";
import { runOverPool } from "../graph/over-a-pool.js";
import { ENDED_CHANNEL, storedAfter, storedBefore, type TaskEnded } from "./task-workflow.js";

/**
 * Control flow on our own engine: an orchestrator on the control thread triggers each task, which is a run of its own, when its inputs are there. With
 * `commit: "strict"` they are there when they are kept; with "pipelined" as soon as the tasks before it have ended, which they tell the control thread
 * themselves. An answer is given when all is kept, either way.
 */
export const controlFlow: DurableContender = {
  async open({ graph, threads, store, durability, commit }) {
    const options: EngineOptions = { workers: threads, store, durability, commit };
    const orchestrator = commit === "strict" ? await keptFirst(options) : await toldFirst(options);
    return {
      run: (input) => orchestrator.run((execute) => runOverPool(graph, execute, input)),
      close: () => orchestrator.close(),
    } satisfies Session;
  },
};

type Execute = (inputs: readonly Output[]) => Promise<Output>;

interface Orchestrator {
  run(trigger: (execute: Execute) => Promise<readonly Output[]>): Promise<readonly Output[]>;
  close(): Promise<void>;
}

async function keptFirst(options: EngineOptions): Promise<Orchestrator> {
  const engine = await DataFlower.start({ ...options, workflows: [storedBefore] });
  let last = 0;
  return {
    run: (trigger) => trigger((inputs) => engine.run(storedBefore, { id: ++last, inputs })),
    close: () => engine.close(),
  };
}

async function toldFirst(options: EngineOptions): Promise<Orchestrator> {
  const engine = await DataFlower.start({ ...options, workflows: [storedAfter] });
  const told = new Map<number, (output: Output) => void>();
  const channel = new BroadcastChannel(ENDED_CHANNEL);
  channel.onmessage = (event) => {
    const { id, output } = (event as { data: TaskEnded }).data; // as: only the tasks of this process post there
    told.get(id)?.(output);
    told.delete(id);
  };
  let last = 0;
  return {
    async run(trigger) {
      const kept: Promise<Output>[] = [];
      const answer = await trigger((inputs) => {
        const id = ++last;
        const ended = new Promise<Output>((resolve) => told.set(id, resolve));
        const keeping = engine.run(storedAfter, { id, inputs });
        kept.push(keeping);
        // A task that fails never tells: its run does.
        return Promise.race([ended, keeping]);
      });
      await Promise.all(kept);
      return answer;
    },
    async close() {
      channel.close();
      await engine.close();
    },
  };
}
