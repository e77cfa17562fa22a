import type { Results } from "../../actors/ports.js";
import type { Run } from "../../actors/workflow/run.js";
import type { VirtualShared } from "./virtual-shared.js";

/** Takes the ends of runs to the control side. */
export class VirtualResults implements Results {
  readonly #shared: VirtualShared;
  readonly #commitMs: () => number;
  readonly #onEnded: (run: Run, isOk: boolean, value: unknown) => void;

  /**
   * @param commitMs drawn for each end
   * @param onEnded the control side has heard of it
   */
  constructor(shared: VirtualShared, commitMs: () => number, onEnded: (run: Run, isOk: boolean, value: unknown) => void) {
    this.#shared = shared;
    this.#commitMs = commitMs;
    this.#onEnded = onEnded;
  }

  send(run: Run, isOk: boolean, value: unknown): boolean {
    const { live, clock } = this.#shared;
    const ended = live.get(run.order);
    if (ended !== undefined) ended.isOpen = false;
    clock.after(this.#commitMs(), () => this.#onEnded(run, isOk, value));
    return true;
  }

  flush(): void {}

  close(): void {}

  discard(): void {}
}
