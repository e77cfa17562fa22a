import type { Actor } from "../kernel/actor.js";
import { Mailbox } from "../kernel/mailbox.js";
import type { CheckpointMessage } from "../messages.js";
import type { Journal, Results } from "../ports.js";

type RunEnded = Extract<CheckpointMessage, { kind: "run-ended" }>;
type Recorded = Extract<CheckpointMessage, { kind: "recorded" }>;

/** Ends gathered before the control thread is rung, unless the worker goes idle earlier. */
export const resultsPerFlushMax = 8;

/**
 * Records what must outlive its worker, and holds back what has to wait for that.
 *
 * The end of a run, with its result, goes to the control thread in batches, behind all that was recorded of the run. What has no room
 * waits here, in order; its number is bounded by the worker's live runs. What waits until something is durable is bounded by their tasks.
 */
export class CheckpointActor implements Actor<CheckpointMessage> {
  readonly #results: Results;
  readonly #journal: Journal;
  readonly #waiting: RunEnded[] = [];
  /** In the order of their batches. */
  readonly #recorded = new Mailbox<Recorded>(Number.MAX_SAFE_INTEGER);
  #first: Recorded | undefined;
  #unflushed = 0;

  constructor(results: Results, journal: Journal) {
    this.#results = results;
    this.#journal = journal;
  }

  /** Ends wait for room on their way to the control thread. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Something that waited until it was durable can go on. */
  get mayGoOn(): boolean {
    return this.#first !== undefined && this.#journal.isDurable(this.#first.batch);
  }

  receive(message: CheckpointMessage): void {
    switch (message.kind) {
      case "run-ended":
        this.#end(message);
        break;
      case "recorded":
        if (this.#first === undefined) this.#first = message;
        else this.#recorded.offer(message);
        this.#goOn();
        break;
      case "look":
        this.#goOn();
        break;
      case "flush":
        this.#flush();
        break;
    }
  }

  #goOn(): void {
    for (let first = this.#first; first !== undefined && this.#journal.isDurable(first.batch); first = this.#first) {
      this.#first = this.#recorded.take();
      first.goOn();
    }
  }

  #end(ended: RunEnded): void {
    if (this.#waiting.length > 0 || !this.#send(ended)) this.#waiting.push(ended);
    if (this.#unflushed >= resultsPerFlushMax) this.#flush();
  }

  #flush(): void {
    this.#journal.flush();
    while (this.#waiting.length > 0 && this.#send(this.#waiting[0] as RunEnded)) this.#waiting.shift();
    this.#goOn();
    if (this.#unflushed === 0) return;
    this.#unflushed = 0;
    this.#results.flush();
  }

  /** Behind what was recorded of the run, which has to be there before its end. */
  #send({ run, isOk, value, at }: RunEnded): boolean {
    if (!this.#journal.flush() || !this.#results.send(run, isOk, value, at)) return false;
    this.#results.close(run);
    this.#unflushed += 1;
    return true;
  }
}
