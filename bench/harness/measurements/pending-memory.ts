import { setTimeout } from "node:timers/promises";
import { DataFlower } from "dataflower";
import type { Gathered, Reading, Stage } from "../../workloads/pending-tasks-workflow.js";

type WorkflowModule = typeof import("../../workloads/pending-tasks-workflow.js");

/** What tasks that have not started take of memory. The process needs `--expose-gc`. */
export interface PendingMemoryParameters {
  readonly measure: "pending-memory";
  /** 0: engine and tasks share one heap, so that all of it is seen. 1: of the heaps only that of the worker is seen. */
  readonly workers: 0 | 1;
  readonly stage: Stage;
  /** Runs under way at the same time, and tasks of each that are pending. */
  readonly runs: number;
  readonly pendingOfRun: number;
}

export interface PendingMemorySample {
  readonly pending: number;
  /** An engine that knows nothing but a graph of two tasks, the first of which is reading. */
  readonly bare: Reading;
  /** One that knows the large graph, too: compiled and loaded, and never run. */
  readonly loaded: Reading;
  /** While the tasks were pending. */
  readonly live: Reading;
}

/** All runs must be with a worker at the same time; the engine hands one over when another is submitted or ends, and here none ends. */
const SUBMIT_EVERY_MS = 1;

/** Rejects when an answer is wrong, or when tasks were not pending any more. */
export async function measurePendingMemory(parameters: PendingMemoryParameters): Promise<PendingMemorySample> {
  const { workers, stage, runs, pendingOfRun } = parameters;
  const options = { workers, store: "memory:", concurrency: stage === "ready" ? 1 : Math.max(64, runs) };
  const { pendingTasks: smallest } = await loadGraph("waiting", 1);
  const bare = await readBare(options, smallest);
  const { pendingTasks: graph } = await loadGraph(stage, pendingOfRun);
  await using engine = await DataFlower.start({ ...options, workflows: [smallest, graph] });
  const loaded = checkedReading(await engine.run(smallest, { runs: 1 }), 1);
  const answers: Promise<Gathered>[] = [];
  while (answers.length < runs) {
    answers.push(engine.run(graph, { runs }));
    await setTimeout(SUBMIT_EVERY_MS);
  }
  const [live] = (await Promise.all(answers)).map((answer) => checkedReading(answer, pendingOfRun));
  return { pending: runs * pendingOfRun, bare, loaded, live: live! };
}

async function readBare(
  options: { workers: number; store: string; concurrency: number },
  smallest: WorkflowModule["pendingTasks"],
): Promise<Reading> {
  await using engine = await DataFlower.start({ ...options, workflows: [smallest] });
  return checkedReading(await engine.run(smallest, { runs: 1 }), 1);
}

function checkedReading({ reading, pending }: Gathered, expected: number): Reading {
  if (pending !== expected) throw new Error(`Cannot count this run as ${expected} tasks must have been pending: found ${pending}`);
  if (reading.passed > 1) throw new Error(`Cannot count this run as its tasks must have been pending: ${reading.passed} had passed`);
  return reading;
}

function loadGraph(stage: Stage, pending: number): Promise<WorkflowModule> {
  const address = new URL("../../workloads/pending-tasks-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ stage, pending: String(pending) }).toString();
  return import(address.href);
}
