import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { restartWindowMs } from "../../actors/kernel/limits.js";
import { RestartWindow } from "../../actors/kernel/supervision.js";
import { LinkDesk } from "../engine/link-desk.js";
import { startThreadPool } from "../engine/thread-pool.js";
import { type ThreadEnd, WorkerPlace, type WorkerThread } from "../engine/worker-threads.js";
import { nowMs } from "../observe/system-clock.js";
import { ActorCalls } from "./actor-calls.js";
import type { ActorRegions } from "./actor-regions.js";
import type { ActorWorkerStart } from "./actor-worker-start.js";
import type { ResolvedActorSystemOptions } from "./options.js";
import type { ThreadNode } from "./thread-node.js";

// From here and from where the build joins this file to others.
const entry = fileURLToPath(new URL("../actor-system/actor-worker-entry.cjs", import.meta.url));

export interface CrewParts {
  readonly options: ResolvedActorSystemOptions;
  readonly regions: ActorRegions;
  readonly buffer: SharedArrayBuffer;
  /** Of the control thread. */
  readonly node: ThreadNode;
  /** What a thread that starts is to know. */
  readonly seedOf: (worker: number) => Pick<ActorWorkerStart, "names" | "kept">;
  /** A thread has ended, and all that it had sent has been taken in; its successor starts afterwards. */
  readonly onLost: (worker: number, error: DataFlowerError) => void;
  /** The threads cannot go on. */
  readonly onUnhealthy: (error: DataFlowerError) => void;
}

/**
 * The threads of an actor system. After a thread's exit, in this order: what it sent is taken in; its ends of the rings are freed; its actors
 * are judged and everybody is told; a successor is made, which starts what is started again; all others are woken, this thread too, as the
 * ended one may have owed them a bell.
 */
export class ActorCrew {
  readonly #parts: CrewParts;
  readonly #places: WorkerPlace<ActorCalls>[];
  readonly #threads: WorkerThread<ActorCalls>[] = [];
  readonly #desk: LinkDesk;
  readonly #restarts: RestartWindow;
  #isStopped = false;

  constructor(parts: CrewParts) {
    this.#parts = parts;
    const { options, regions, node } = parts;
    this.#restarts = new RestartWindow(options.restartsMax);
    this.#desk = new LinkDesk(regions.plan.control, regions.doorbells, node.links);
    this.#places = Array.from({ length: options.workers }, () => new WorkerPlace(startThreadPool(options.heapMbMax, entry)));
    for (const worker of this.#places.keys()) this.#begin(worker);
  }

  get size(): number {
    return this.#places.length;
  }

  calls(worker: number): ActorCalls {
    return (this.#threads[worker] as WorkerThread<ActorCalls>).calls;
  }

  /** What a worker has sent cannot be read: its thread ends. */
  kill(worker: number): void {
    this.#threads[worker]?.kill();
  }

  /** Ends all threads; their actors stop first. */
  async close(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#places.map((place) => place.close()));
    for (const worker of this.#places.keys()) {
      this.calls(worker).lose(lossOf(worker, undefined));
      this.#parts.node.drainAll(worker);
    }
    this.#desk.close();
  }

  #begin(worker: number): void {
    const { options, regions, buffer, seedOf } = this.#parts;
    const { incarnation, news } = this.#desk.join(worker);
    const { port1, port2 } = new MessageChannel();
    const start: ActorWorkerStart = {
      thread: worker,
      plan: regions.plan,
      spinUs: options.spinUs,
      mailbox: options.mailbox,
      controlPort: port2,
      ...{ incarnation, buffer, news },
      ...seedOf(worker),
    };
    const thread = (this.#places[worker] as WorkerPlace<ActorCalls>).start(start, [port2, news], new ActorCalls(worker, port1));
    this.#threads[worker] = thread;
    void thread.ended.then((end) => this.#ended(worker, end));
  }

  #ended(worker: number, { cause, hasExited }: ThreadEnd): void {
    const { node, regions, options, onLost, onUnhealthy } = this.#parts;
    const error = lossOf(worker, cause);
    if (this.#isStopped) return;
    node.drainAll(worker);
    this.calls(worker).lose(error);
    if (!hasExited || !this.#restarts.allows(nowMs())) {
      const rule = hasExited
        ? `no more than ${options.restartsMax} threads may end within ${restartWindowMs / 1000} s: found one more`
        : `threads must end when they are killed: that of worker ${worker} does not`;
      onLost(worker, error);
      onUnhealthy(new DataFlowerError("DF_POOL_UNHEALTHY", `Cannot go on as ${rule}`, { cause }));
      return;
    }
    regions.doorbells.repair(worker);
    for (const other of regions.others(worker)) {
      regions.ring(worker, other).repair("producer");
      regions.ring(other, worker).repair("consumer");
    }
    onLost(worker, error);
    this.#begin(worker);
    for (const other of this.#threads.keys()) if (other !== worker) node.bells.wake(other);
    node.loop.wake(); // a message that was to wake this thread has gone with its port
  }
}

function lossOf(worker: number, cause: unknown): DataFlowerError {
  return new DataFlowerError("DF_WORKER_LOST", `Cannot reach the actors of worker ${worker} as its thread must live: it ended`, { cause });
}
