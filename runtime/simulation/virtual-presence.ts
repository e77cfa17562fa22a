import type { Presence } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import type { VirtualRun } from "./virtual-run.js";

/** Tells guests whether a run has ended. No run is taken away from its home. */
export class VirtualPresence implements Presence {
  readonly #live: ReadonlyMap<number, VirtualRun>;

  constructor(live: ReadonlyMap<number, VirtualRun>) {
    this.#live = live;
  }

  isCurrent(): boolean {
    return true;
  }

  enter(run: Run): boolean {
    return this.#live.get(run.order)?.isOpen === true;
  }

  leave(): void {}
}
