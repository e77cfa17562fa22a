import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { checkValue } from "../../../actors/kernel/value.js";
import type { UntypedHandler } from "../../authoring/task-context.js";
import { errorToData } from "../../codec/error-codec.js";
import { encodeTrusted } from "../../codec/value-codec.js";
import { after, nowMs } from "../../observe/system-clock.js";
import { AttemptContext, type AttemptFacts } from "../attempt-context.js";
import { isThenable } from "../is-thenable.js";
import type { Answer, RunRequest } from "./protocol.js";

/** Heartbeats are sent at most this often, in ms: of those that come faster the newest one is sent. */
const heartbeatMsMin = 1;

/** Where an attempt has its answers sent. */
export type Send = (answer: Answer, payload?: Uint8Array) => void;

/** One attempt inside of a child process: calls the handler and sends what becomes of it. */
export class ChildAttempt {
  readonly #number: number;
  readonly #context: AttemptContext<AttemptFacts>;
  readonly #send: Send;
  readonly #outputBytesMax: number;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancelSending: (() => void) | undefined;
  #hasEnded = false;

  constructor({ number, runId, path, attempt, fence, heartbeat }: RunRequest, send: Send, outputBytesMax: number) {
    this.#number = number;
    this.#send = send;
    this.#outputBytesMax = outputBytesMax;
    const facts: AttemptFacts = { runId, path, attempt, run: { fence }, past: { heartbeat } };
    this.#context = new AttemptContext(facts, { nowMs, beat: () => this.#beat() });
  }

  /** As `RUN TASK`. */
  get name(): string {
    return `${this.#context.runId} ${this.#context.taskId}`;
  }

  start(handler: UntypedHandler, input: unknown): void {
    try {
      const output = handler(input, this.#context);
      if (!isThenable(output)) this.#returned(output);
      else
        Promise.resolve(output).then(
          (value) => this.#returned(value),
          (thrown: unknown) => this.#threw(thrown),
        );
    } catch (thrown) {
      this.#threw(thrown);
    }
  }

  abort(reason: DataFlowerError): void {
    if (!this.#hasEnded) this.#context.abort(reason);
  }

  #returned(output: unknown): void {
    try {
      checkValue(output, this.#outputBytesMax); // as it is checked on a thread
      this.#end("returned", encodeTrusted(output));
    } catch (error) {
      if (error instanceof DataFlowerError) this.#end("refused", encodeTrusted(errorToData(error)));
      else this.#threw(error);
    }
  }

  #threw(thrown: unknown): void {
    this.#end("threw", encodeTrusted(errorToData(thrown)));
  }

  #end(kind: Answer["kind"], payload: Uint8Array): void {
    if (this.#cancelSending !== undefined) this.#sendHeartbeat(); // the one that waits
    this.#hasEnded = true;
    this.#send({ kind, number: this.#number }, payload);
  }

  #beat(): void {
    if (this.#hasEnded) return;
    const waitMs = this.#sentAt + heartbeatMsMin - nowMs();
    if (waitMs <= 0) this.#sendHeartbeat();
    else this.#cancelSending ??= after(waitMs, () => this.#sendHeartbeat());
  }

  #sendHeartbeat(): void {
    this.#cancelSending?.();
    this.#cancelSending = undefined;
    this.#sentAt = nowMs();
    const details = this.#context.newestHeartbeat?.details;
    this.#send({ kind: "heartbeat", number: this.#number }, encodeTrusted(details));
  }
}
