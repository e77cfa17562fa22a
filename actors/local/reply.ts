import { DataFlowerError } from "../kernel/errors.js";
import { undeliveredError } from "./actor-errors.js";
import { copyMessage } from "./copy-message.js";
import type { Household } from "./household.js";
import type { Outcome } from "./outcome.js";
import type { Ref, Target } from "./ref.js";
import type { Watcher } from "./terminated.js";
import type { Timer } from "./timers.js";

/** The end of one ask: the first thing told to it is the answer, and everything after it a dead letter. */
export class Reply<Answer> implements Target<Answer> {
  readonly name: string;
  readonly ref: Ref<Answer>;
  address = 0;
  readonly #system: Household;
  #onEnd: ((outcome: Outcome<Answer>) => void) | undefined;
  #timer: Timer | undefined;

  /** @param to name of the actor that is asked */
  constructor(system: Household, to: string, timeoutMs: number, onEnd: (outcome: Outcome<Answer>) => void) {
    this.#system = system;
    this.name = `${to}?`;
    this.ref = system.makeRef(this);
    this.#onEnd = onEnd;
    this.#timer = system.timers.after(timeoutMs, {
      due: () => {
        const rule = `it must answer within ${timeoutMs} ms: it did not`;
        this.fail(new DataFlowerError("DF_ASK_TIMEOUT", `Cannot get an answer of actor ${to} as ${rule}`));
      },
    });
  }

  get isOver(): boolean {
    return this.#onEnd === undefined;
  }

  tell(answer: Answer): boolean {
    return this.accept(copyMessage(answer));
  }

  /** As tell(), with an answer that nobody else holds. */
  accept(answer: Answer): boolean {
    if (this.#onEnd === undefined) {
      this.#system.deadLetters.accept(this.name, answer, "stopped");
      return false;
    }
    this.#end({ answer });
    return true;
  }

  deliver(answer: Answer, onEnd: (failure: DataFlowerError | undefined) => void): void {
    onEnd(this.tell(answer) ? undefined : undeliveredError(this.name, "stopped"));
  }

  fail(error: unknown): void {
    this.#end({ error });
  }

  /** Nobody can stop somebody else's wait. */
  stop(): void {}

  watch(watcher: Watcher): () => void {
    watcher.terminated({ actor: this.name, reason: "stopped", isRestarted: false }); // it is no actor
    return () => {};
  }

  #end(outcome: Outcome<Answer>): void {
    const onEnd = this.#onEnd;
    if (onEnd === undefined) return;
    this.#onEnd = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#system.forget(this);
    onEnd(outcome);
  }
}
