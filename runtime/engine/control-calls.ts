import type { MessagePort } from "node:worker_threads";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import type { WorkerLatencyKind } from "../observe/latency.js";
import type { LatencySnapshot } from "../observe/log-linear-histogram.js";
import type { KeptRecords } from "../observe/record-store.js";
import type { ControlApi } from "../worker/control-plane.js";
import type { WorkflowRegistration } from "../worker/worker-start.js";
import { ThreadCalls } from "./thread-calls.js";

/** What the control thread calls on a worker of an engine. */
export class ControlCalls {
  readonly #calls: ThreadCalls<ControlApi>;

  constructor(worker: number, port: MessagePort) {
    this.#calls = new ThreadCalls(worker, port);
  }

  async register(workflow: WorkflowRegistration): Promise<void> {
    await this.#calls.call("register", (remote) => remote.register(workflow));
  }

  latency(kind: WorkerLatencyKind, task: string | undefined): Promise<LatencySnapshot[]> {
    return this.#calls.call("latency", (remote) => remote.latency(kind, task));
  }

  records(order: number, fence: number): Promise<KeptRecords> {
    return this.#calls.call("records", (remote) => remote.records(order, fence));
  }

  learned(): Promise<Record<string, object>> {
    return this.#calls.call("say what was learnt", (remote) => remote.learned());
  }

  async learn(learned: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#calls.call("learn", (remote) => remote.learn(learned));
  }

  async stop(withinMs: number): Promise<void> {
    await this.#calls.call("stop", (remote) => remote.stop(), withinMs);
  }

  /** The worker has ended. */
  get isLost(): boolean {
    return this.#calls.isLost;
  }

  /** The worker has ended: nothing will be answered any more. */
  lose(error: DataFlowerError): void {
    this.#calls.lose(error);
  }
}
