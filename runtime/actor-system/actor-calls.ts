import type { MessagePort } from "node:worker_threads";
import type { DataFlowerError } from "../../actors/kernel/errors.js";
import { ThreadCalls } from "../engine/thread-calls.js";
import type { ActorControlApi, Quietness } from "./actor-control.js";
import type { Spawned, SpawnRequest } from "./actor-worker-start.js";

/** What the control thread calls on a thread of an actor system. */
export class ActorCalls {
  readonly #calls: ThreadCalls<ActorControlApi>;

  constructor(worker: number, port: MessagePort) {
    this.#calls = new ThreadCalls(worker, port);
  }

  spawn(request: SpawnRequest): Promise<Spawned> {
    return this.#calls.call("spawn an actor", (remote) => remote.spawn(request));
  }

  quietness(withinMs?: number): Promise<Quietness> {
    return this.#calls.call("ask for quiet", (remote) => remote.quietness(), withinMs);
  }

  async stop(withinMs: number): Promise<void> {
    await this.#calls.call("stop", (remote) => remote.stop(), withinMs);
  }

  /** The worker has ended: nothing will be answered any more. */
  lose(error: DataFlowerError): void {
    this.#calls.lose(error);
  }
}
