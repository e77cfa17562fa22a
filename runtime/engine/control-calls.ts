import type { MessagePort } from "node:worker_threads";
import { type Endpoint, type Remote, wrap } from "comlink";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { dataToError, type ErrorData } from "../codec/error-codec.js";
import { decodeValue } from "../codec/value-codec.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import type { KeptRecords } from "../observe/record-store.js";
import { after } from "../observe/system-clock.js";
import type { Answer, ControlApi } from "../worker/control-plane.js";
import type { WorkflowRegistration } from "../worker/worker-start.js";

/** A worker that does not answer for so long is reported, in ms: a task may hold its thread. */
export const controlCallMsMax = 30_000;

/**
 * Calls a worker over comlink. Every call ends: with the answer, at its deadline, or when the worker is lost. Comlink alone would
 * leave calls to a dead worker pending for ever, and drop calls whose proxy is collected: the proxy is held here for the worker's life.
 */
export class ControlCalls {
  readonly #worker: number;
  readonly #port: MessagePort;
  readonly #remote: Remote<ControlApi>;
  /** Fails each call that has not been answered. */
  readonly #pending = new Set<(error: DataFlowerError) => void>();
  #lost: DataFlowerError | undefined;

  constructor(worker: number, port: MessagePort) {
    this.#worker = worker;
    this.#port = port;
    this.#remote = wrap<ControlApi>(port as unknown as Endpoint); // an EventTarget with postMessage and start: all that comlink uses;
  }

  async register(workflow: WorkflowRegistration): Promise<void> {
    await this.#call("register", () => this.#remote.register(workflow));
  }

  latency(kind: WorkerLatencyKind, task: string | undefined): Promise<LatencySnapshot[]> {
    return this.#call("latency", () => this.#remote.latency(kind, task));
  }

  records(order: number, fence: number): Promise<KeptRecords> {
    return this.#call("records", () => this.#remote.records(order, fence));
  }

  learned(): Promise<Record<string, object>> {
    return this.#call("say what was learnt", () => this.#remote.learned());
  }

  async learn(learned: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call("learn", () => this.#remote.learn(learned));
  }

  async stop(withinMs: number): Promise<void> {
    await this.#call("stop", () => this.#remote.stop(), withinMs);
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

  #call<Value>(name: string, call: () => Promise<Answer<Value>>, withinMs = controlCallMsMax): Promise<Value> {
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
      call()
        .then((answer) => {
          if ("error" in answer) throw dataToError(decodeValue(answer.error) as ErrorData); // encoded by errorToData
          end();
          resolve(answer.value);
        })
        .catch(fail);
    });
  }
}
