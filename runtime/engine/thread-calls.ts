import type { MessagePort } from "node:worker_threads";
import { type Endpoint, type Remote, wrap } from "comlink";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue } from "../codec/value-codec.js";
import { after } from "../observe/system-clock.js";
import type { Answer } from "../worker/serve-calls.js";

/** A worker that does not answer for so long is reported, in ms: a task may hold its thread. */
export const controlCallMsMax = 30_000;

/**
 * Calls of one worker over comlink. Every call ends: with the answer, at its deadline, or when the worker is lost. Comlink alone would
 * leave calls to a dead worker pending for ever, and drop calls whose proxy is collected: the proxy is held here for the worker's life.
 */
export class ThreadCalls<Api> {
  readonly #worker: number;
  readonly #port: MessagePort;
  readonly #remote: Remote<Api>;
  /** Fails each call that has not been answered. */
  readonly #pending = new Set<(error: DataFlowerError) => void>();
  #lost: DataFlowerError | undefined;

  constructor(worker: number, port: MessagePort) {
    this.#worker = worker;
    this.#port = port;
    this.#remote = wrap<Api>(port as unknown as Endpoint); // an EventTarget with postMessage and start: all that comlink uses;
  }

  /** The worker has ended. */
  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** The worker has ended: nothing will be answered any more. */
  lose(error: DataFlowerError): void {
    if (this.#lost !== undefined) return;
    this.#lost = error;
    for (const fail of [...this.#pending]) fail(error);
    this.#port.close();
  }

  /** @param name of the call, for messages of errors */
  call<Value>(name: string, call: (remote: Remote<Api>) => Promise<Answer<Value>>, withinMs = controlCallMsMax): Promise<Value> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        end();
        reject(error);
      };
      const end = () => {
        cancelDeadline();
        this.#pending.delete(fail);
      };
      const cancelDeadline = after(withinMs, () => {
        const message = `Cannot ${name} on worker ${this.#worker} as it must answer within ${withinMs} ms: it did not`;
        fail(new DataFlowerError("DF_CALL_TIMEOUT", message));
      });
      this.#pending.add(fail);
      call(this.#remote)
        .then((answer) => {
          if ("error" in answer) throw dataToError(decodeValue(answer.error) as ErrorData); // encoded by errorToData
          end();
          resolve(answer.value);
        })
        .catch(fail);
    });
  }
}
