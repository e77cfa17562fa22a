import { DataFlowerError } from "../../actors/kernel/errors.js";
import { localSpace } from "../../actors/workflow/local-space.js";
import { type ReadyTask, Run, type RunFacts } from "../../actors/workflow/run.js";
import { Fifo, type Policy } from "../../schedulers/index.js";
import { found } from "../authoring/found.js";
import { SimulatedWork } from "./simulated-work.js";
import { tenYearsMs } from "./ten-years.js";
import type { SimulatedRun, SimulatedWorkflow } from "./workload.js";

export interface RunSourceParts {
  readonly runs: Iterable<SimulatedRun>;
  /** Makes the ready set of one run. */
  readonly makeReady: () => Policy<ReadyTask>;
  /** Throws for what can never be executed. Called once for each workflow. */
  readonly check: (work: SimulatedWork) => void;
}

/** Gives the runs of a simulation one by one, as runs of the actors: no more of them exist than have been submitted. */
export class RunSource {
  readonly #parts: RunSourceParts;
  readonly #runs: Iterator<SimulatedRun>;
  readonly #works = new WeakMap<SimulatedWorkflow, SimulatedWork>();
  /** The first of each family. */
  readonly #firstOf = new WeakMap<object, SimulatedWork>();
  #next: SimulatedRun | undefined;
  #order = 0;

  /** @throws DF_SPEC_INVALID if the first run is submitted at no time */
  constructor(parts: RunSourceParts) {
    this.#parts = parts;
    this.#runs = parts.runs[Symbol.iterator]();
    this.#advance(0);
  }

  /** When the next run is submitted, in ms; Infinity: there is none. */
  get nextMs(): number {
    return this.#next?.submitMs ?? Number.POSITIVE_INFINITY;
  }

  /**
   * The next run; there must be one.
   *
   * @throws DF_SPEC_INVALID if its workflow cannot be simulated, or the run behind it is not in the order of submission
   */
  take(): Run {
    const simulated = this.#next as SimulatedRun;
    const place = { workflow: this.#workOf(simulated.workflow), home: 0, isGuest: false, idPrefix: "", past: undefined };
    const run = new Run(factsOf(simulated, this.#order++), place, this.#parts.makeReady(), localSpace);
    this.#advance(simulated.submitMs);
    return run;
  }

  #advance(fromMs: number): void {
    const { done, value } = this.#runs.next();
    this.#next = done === true ? undefined : requireRun(value, this.#order);
    if (this.#next === undefined || (value.submitMs >= fromMs && value.submitMs <= tenYearsMs)) return;
    throw new DataFlowerError(
      "DF_SPEC_INVALID",
      `Cannot simulate run ${this.#order} as runs come in the order of submission, within ten years: found ${value.submitMs} ms after ${fromMs} ms`,
    );
  }

  #workOf(workflow: SimulatedWorkflow): SimulatedWork {
    const { family } = workflow;
    if (family !== undefined) return this.#load(workflow, this.#firstOf.get(family)); // each has one run: it is not looked for again
    const known = this.#works.get(workflow);
    if (known !== undefined) return known;
    const loaded = this.#load(workflow, undefined);
    this.#works.set(workflow, loaded);
    return loaded;
  }

  #load(workflow: SimulatedWorkflow, twin: SimulatedWork | undefined): SimulatedWork {
    const work = new SimulatedWork(workflow, twin);
    this.#parts.check(work);
    if (workflow.family !== undefined && twin === undefined) this.#firstOf.set(workflow.family, work);
    return work;
  }
}

/** Whether it is a run at all. Its time and its workflow are checked by themselves. */
function requireRun(value: unknown, order: number): SimulatedRun {
  const { workflow, submitMs, priority, deadlineMs = 0 } = (value ?? {}) as Partial<SimulatedRun>;
  if (typeof workflow?.graph !== "object" || typeof workflow.durationMs !== "function") refuseRun(order, "a workflow", workflow);
  if (typeof submitMs !== "number") refuseRun(order, "a number as submitMs", submitMs);
  if (!Number.isFinite(priority)) refuseRun(order, "a finite number as priority", priority);
  if (!Number.isFinite(deadlineMs)) refuseRun(order, "a finite number as deadlineMs, or none", deadlineMs);
  return value as SimulatedRun;
}

function refuseRun(order: number, rule: string, what: unknown): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot simulate run ${order} as it must have ${rule}: found ${found(what)}`);
}

/** Written out: a spread takes microseconds, and there may be a million runs. */
function factsOf({ submitMs, priority, deadlineMs = Number.NaN }: SimulatedRun, order: number): RunFacts {
  return {
    slot: 0,
    epoch: 1,
    ownId: undefined,
    order,
    rank: 0,
    submittedAt: submitMs,
    priority,
    deadline: deadlineMs,
    fence: 1,
    pastBlock: 0,
  };
}

/**
 * Where the ready tasks of all runs are in one set, the sets of the runs stay empty, and one serves all. It is told how attempts went.
 *
 * @param common the set that is used instead, to be told that; undefined: nobody is
 */
export function unusedReady(common?: Policy<ReadyTask>): () => Policy<ReadyTask> {
  const unused: Policy<ReadyTask> = new Fifo<ReadyTask>();
  if (common?.observe !== undefined) unused.observe = (task, observation) => common.observe?.(task, observation);
  return () => unused;
}
