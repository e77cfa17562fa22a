import type { Actor } from "../kernel/actor.js";
import type { CheckpointMessage } from "../messages.js";
import type { Results } from "../ports.js";

type RunEnded = Extract<CheckpointMessage, { kind: "run-ended" }>;

/** Ends gathered before the control thread is rung, unless the worker goes idle earlier. */
export const resultsPerFlushMax = 8;

/**
 * Records what must outlive its worker. At the level `memory` the unit of commit is the run: its end, with its result, goes to the
 * control thread in batches. What has no room waits here, in order; its number is bounded by the worker's live runs.
 */
export class CheckpointActor implements Actor<CheckpointMessage> {
  readonly #results: Results;
  readonly #waiting: RunEnded[] = [];
  #unflushed = 0;

  constructor(results: Results) {
    this.#results = results;
  }

  /** Ends wait for room on their way to the control thread. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  receive(message: CheckpointMessage): void {
    if (message.kind === "flush") this.#flush();
    else this.#end(message);
  }

  #end(ended: RunEnded): void {
    if (this.#waiting.length > 0 || !this.#send(ended)) this.#waiting.push(ended);
    if (this.#unflushed >= resultsPerFlushMax) this.#flush();
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#send(this.#waiting[0] as RunEnded)) this.#waiting.shift();
    if (this.#unflushed === 0) return;
    this.#unflushed = 0;
    this.#results.flush();
  }

  #send({ run, isOk, value, at }: RunEnded): boolean {
    if (!this.#results.send(run, isOk, value, at)) return false;
    this.#results.close(run);
    this.#unflushed += 1;
    return true;
  }
}
