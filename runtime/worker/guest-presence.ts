import type { Presence } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import type { RunTable } from "../memory/run-table.js";
import type { RunRegistry } from "./run-registry.js";

/** Enters and leaves other workers' runs through the run table, and forgets those that have ended. */
export class GuestPresence implements Presence {
  readonly #runs: RunTable;
  readonly #registry: RunRegistry;
  readonly #worker: number;

  constructor(runs: RunTable, registry: RunRegistry, worker: number) {
    this.#runs = runs;
    this.#registry = registry;
    this.#worker = worker;
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
