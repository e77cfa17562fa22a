import type { Presence } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import type { RunTable } from "../memory/run-table.js";
import type { RunRegistry } from "./run-registry.js";

/** Asks the run table whether runs are current, enters and leaves those of other workers, and forgets the ones that have ended. */
export class GuestPresence implements Presence {
  readonly #runs: RunTable;
  readonly #registry: RunRegistry;
  readonly #worker: number;

  constructor(runs: RunTable, registry: RunRegistry, worker: number) {
    this.#runs = runs;
    this.#registry = registry;
    this.#worker = worker;
  }

  isCurrent(run: Run): boolean {
    return this.#runs.isCurrentHint(run.slot, run.epoch);
  }

  enter(run: Run): boolean {
    if (this.#runs.enter(run.slot, run.epoch, this.#worker)) return true;
    this.#registry.removeGuest(run);
    return false;
  }

  leave(run: Run): void {
    this.#runs.leave(run.slot, this.#worker);
  }
}
