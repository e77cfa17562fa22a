import { NODE_TASK } from "../../actors/workflow/graph.js";
import type { RunPool } from "./run-pool.js";
import type { SimulatedWorkflow } from "./workload.js";

interface Work {
  readonly workflow: SimulatedWorkflow;
  readonly workMs: number;
  readonly coreMs: number;
}

/** Runs of recorded workflows, of one after another and then of the first again; all submitted at once. */
export class TraceRotation implements RunPool {
  readonly countMax = Number.MAX_SAFE_INTEGER;
  readonly #works: readonly Work[];

  /** @param workflows at least one */
  constructor(workflows: readonly SimulatedWorkflow[]) {
    this.#works = workflows.map(measure);
  }

  submitMs(): number {
    return 0;
  }

  workMs(index: number): number {
    return this.#work(index).workMs;
  }

  coreMs(index: number): number {
    return this.#work(index).coreMs;
  }

  workflow(index: number): SimulatedWorkflow {
    return this.#work(index).workflow;
  }

  priority(): number {
    return 0;
  }

  deadlineMs(): undefined {
    return undefined;
  }

  #work(index: number): Work {
    return this.#works[index % this.#works.length] as Work; // there is at least one
  }
}

function measure(workflow: SimulatedWorkflow): Work {
  const { graph } = workflow;
  let workMs = 0;
  let coreMs = 0;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.kind[node] !== NODE_TASK) continue;
    workMs += workflow.durationMs(node);
    coreMs += workflow.durationMs(node) * (graph.options(node).cpus ?? 1);
  }
  return { workflow, workMs, coreMs };
}
