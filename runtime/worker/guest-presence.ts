import type { Presence } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import type { RunTable } from "../memory/run-table.js";

/**
 * Asks the run table whether runs are current, enters and leaves those of other workers. A run that is refused here is not forgotten:
 * attempts of it may still be pending, and are given up when the control thread says so.
 */
export class GuestPresence implements Presence {
  readonly #runs: RunTable;
  readonly #worker: number;

  constructor(runs: RunTable, worker: number) {
    this.#runs = runs;
    this.#worker = worker;
  }

  isCurrent(run: Run): boolean {
    return this.#runs.isCurrentHint(run.slot, run.epoch);
  }

  enter(run: Run): boolean {
    return this.#runs.enter(run.slot, run.epoch, this.#worker);
  }

  leave(run: Run): void {
    this.#runs.leave(run.slot, this.#worker);
  }
}
