import { keepingRanks } from "../../actors/scheduling/keeping-ranks.js";
import { createReadyPolicy } from "../../actors/scheduling/ready-policy.js";
import type { Run } from "../../actors/workflow/run.js";
import type { Policy, PolicyDefinition } from "../../schedulers/index.js";
import { RunOutlook } from "../engine/run-outlook.js";
import { RunSource, unusedReady } from "./run-source.js";
import type { SimulatedWork } from "./simulated-work.js";
import type { Statistics } from "./statistics.js";
import { VirtualRun } from "./virtual-run.js";
import type { VirtualShared } from "./virtual-shared.js";
import type { SimulatedRun, SimulatedWorkflow } from "./workload.js";

export interface VirtualControlParts {
  /** In the order of submission. */
  readonly runs: Iterable<SimulatedRun>;
  readonly shared: VirtualShared;
  readonly scheduler: PolicyDefinition;
  /** A number from 0 up to 1: for policies that need one. */
  readonly random: () => number;
  /** Runs that may stand in the ready queue. */
  readonly queuedMax: number;
  readonly statistics: Statistics;
  /** Makes a guest of a failed run give it up. */
  readonly giveUp: (worker: number, guest: Run) => void;
}

/**
 * The control side of a simulated engine: submits runs when their time has come, lets them wait in the order of the engine's policy,
 * and keeps the ready queue shallow, as Dispatch does.
 */
export class VirtualControl {
  readonly #parts: VirtualControlParts;
  readonly #source: RunSource;
  readonly #intake: Policy<VirtualRun>;
  readonly #outlooks = new WeakMap<SimulatedWorkflow, RunOutlook>();

  /** @throws DF_SPEC_INVALID if the first run is submitted at no time */
  constructor(parts: VirtualControlParts) {
    this.#parts = parts;
    const check = (work: SimulatedWork) => parts.shared.reservations.requireRoom(work);
    this.#source = new RunSource({ runs: parts.runs, makeReady: unusedReady(), check });
    this.#intake = createReadyPolicy<VirtualRun>(
      keepingRanks<VirtualRun>(parts.scheduler, (run, rank) => {
        run.rank = rank;
      }),
      { random: parts.random },
    );
  }

  /** All runs have been submitted and have ended. */
  get isDone(): boolean {
    return this.#source.nextMs === Number.POSITIVE_INFINITY && this.#parts.statistics.unfinished === 0;
  }

  /** Begins to submit. Only the next run waits in the clock. */
  begin(): void {
    const { nextMs } = this.#source;
    if (nextMs < Number.POSITIVE_INFINITY) this.#parts.shared.clock.at(nextMs, () => this.#submitDue());
  }

  /** The end of a run has come from its home. */
  runEnded(run: Run, isOk: boolean): void {
    const { shared, statistics, giveUp } = this.#parts;
    statistics.runEnded(run, isOk, shared.clock.nowMs());
    const guests = shared.live.get(run.order)?.guests ?? [];
    shared.live.delete(run.order);
    if (!isOk) for (const [worker, guest] of guests) giveUp(worker, guest); // one that has completed has nothing left to do
    this.#pump();
  }

  /** What is submitted at one time is submitted in one go. */
  #submitDue(): void {
    const now = this.#parts.shared.clock.nowMs();
    while (this.#source.nextMs <= now) this.#submitNext(now);
    this.begin();
  }

  #submitNext(now: number): void {
    const submitted = this.#source.take();
    const run = new VirtualRun(submitted, this.#outlookOf((submitted.workflow as SimulatedWork).simulated)); // the source makes no other
    this.#parts.statistics.runSubmitted(now);
    this.#intake.insert(run, now);
    this.#pump();
  }

  #pump(): void {
    const { shared, queuedMax } = this.#parts;
    while (this.#intake.size > 0 && shared.queue.length < queuedMax) {
      const run = this.#intake.take(shared.clock.nowMs());
      if (run === undefined) return;
      if (run.refused !== undefined) throw run.refused;
      shared.live.set(run.order, run);
      shared.queue.publish({ run, task: undefined });
    }
  }

  #outlookOf(workflow: SimulatedWorkflow): RunOutlook {
    const known = this.#outlooks.get(workflow);
    if (known !== undefined) return known;
    const outlook = new RunOutlook(workflow.graph);
    this.#outlooks.set(workflow, outlook);
    return outlook;
  }
}
