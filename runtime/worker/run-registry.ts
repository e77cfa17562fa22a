import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { Run } from "../../actors/workflow/run.js";

/**
 * What a worker knows by number: its workflows, the runs it is home of, and those it is a guest of. Bounded by the run slots.
 *
 * Runs stand in arrays by their slots. A map that entries enter and leave all the time is made anew every hundred runs or so, and each
 * of its old tables keeps what it held last, and the next table, alive until a full collection: every run would outlive its time.
 */
export class RunRegistry {
  readonly workflows = new Map<number, LoadedWorkflow>();
  readonly #homes: (Run | undefined)[];
  readonly #guests: (Run | undefined)[];

  constructor(runSlots: number) {
    this.#homes = new Array<Run | undefined>(runSlots).fill(undefined);
    this.#guests = new Array<Run | undefined>(runSlots).fill(undefined);
  }

  workflow(id: number): LoadedWorkflow | undefined {
    return this.workflows.get(id);
  }

  /** Runs that live here, at home or as guests. */
  runs(): Run[] {
    return [...this.#homes, ...this.#guests].filter((run) => run !== undefined);
  }

  addHome(run: Run): void {
    this.#homes[run.slot] = run;
  }

  removeHome(run: Run): void {
    if (this.#homes[run.slot] === run) this.#homes[run.slot] = undefined;
  }

  addGuest(run: Run): void {
    this.#guests[run.slot] = run;
  }

  removeGuest(run: Run): void {
    if (this.#guests[run.slot] === run) this.#guests[run.slot] = undefined;
  }

  /** The run at home here in this slot, if it is still the same one. */
  home(slot: number, epoch: number): Run | undefined {
    const run = this.#homes[slot];
    return run?.epoch === epoch ? run : undefined;
  }

  guest(slot: number, epoch: number): Run | undefined {
    const run = this.#guests[slot];
    return run?.epoch === epoch ? run : undefined;
  }
}
