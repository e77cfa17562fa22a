import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { LocalSystem } from "../../actors/local/local-system.js";
import { askMsMax, type Outcome } from "../../actors/local/outcome.js";
import { addRefClass, Ref, type Target } from "../../actors/local/ref.js";
import { requireDuration } from "../authoring/option-checks.js";
import type { ActorRef, AskOptions } from "./actor-ref.js";

/** How long an ask waits unless it says something else, in ms. */
export const askMsDefault = 5_000;

/** A ref as users hold it: what ends later is a promise. */
export class ThreadRef<in Message> extends Ref<Message> {
  readonly #system: LocalSystem;

  constructor(target: Target<Message>, system: LocalSystem) {
    super(target);
    this.#system = system;
  }

  send(message: Message): Promise<void> {
    return new Promise((resolve, reject) => {
      Ref.targetOf<Message>(this).deliver(message, (failure) => (failure === undefined ? resolve() : reject(failure)));
    });
  }

  ask<Answer>(asked: ((replyTo: ActorRef<Answer>) => Message) | object, options: AskOptions = {}): Promise<Answer> {
    const make = typeof asked === "function" ? asked : (replyTo: ActorRef<Answer>) => ({ ...asked, replyTo });
    return new Promise((resolve, reject) => {
      const timeoutMs =
        options.timeout === undefined ? askMsDefault : requireDuration("timeout", options.timeout, { min: 0, max: askMsMax });
      const { signal } = options;
      if (signal?.aborted === true) throw cancelledError(this.name, signal);
      const onEnd = (outcome: Outcome<Answer>): void => {
        signal?.removeEventListener("abort", onAbort);
        if ("error" in outcome)
          reject(outcome.error as Error); // what asks end with are errors
        else resolve(outcome.answer);
      };
      // as: all refs of a system are made by it, and of this class
      const cancel = this.#system.ask<Message, Answer>(
        Ref.targetOf<Message>(this),
        make as (replyTo: Ref<Answer>) => Message,
        timeoutMs,
        onEnd,
      );
      const onAbort = (): void => cancel(cancelledError(this.name, signal as AbortSignal));
      signal?.addEventListener("abort", onAbort);
    });
  }
}

addRefClass(ThreadRef.prototype);

function cancelledError(name: string, { reason }: AbortSignal): DataFlowerError {
  return new DataFlowerError("DF_CANCELLED", `Cannot get an answer of actor ${name} as its signal must not abort: it has`, {
    cause: reason,
  });
}
