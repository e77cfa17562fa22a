import type { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import type { Run } from "../../actors/workflow/run.js";

/** What a worker knows by number: its workflows, the runs it is home of, and those it is a guest of. Bounded by the run slots. */
export class RunRegistry {
  readonly workflows = new Map<number, LoadedWorkflow>();
  readonly #homes = new Map<number, Run>();
  readonly #guests = new Map<number, Run>();

  workflow(id: number): LoadedWorkflow | undefined {
    return this.workflows.get(id);
  }

  /** Runs that live here, at home or as guests. */
  runs(): Run[] {
    return [...this.#homes.values(), ...this.#guests.values()];
  }

  addHome(run: Run): void {
    this.#homes.set(run.slot, run);
  }

  removeHome(run: Run): void {
    if (this.#homes.get(run.slot) === run) this.#homes.delete(run.slot);
  }

  addGuest(run: Run): void {
    this.#guests.set(run.slot, run);
  }

  removeGuest(run: Run): void {
    if (this.#guests.get(run.slot) === run) this.#guests.delete(run.slot);
  }

  /** The run at home here in this slot, if it is still the same one. */
  home(slot: number, epoch: number): Run | undefined {
    const run = this.#homes.get(slot);
    return run?.epoch === epoch ? run : undefined;
  }

  guest(slot: number, epoch: number): Run | undefined {
    const run = this.#guests.get(slot);
    return run?.epoch === epoch ? run : undefined;
  }
}
