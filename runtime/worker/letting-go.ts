import type { ActorRef } from "../../actors/kernel/actor.js";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { SchedulerMessage, TaskMessage } from "../../actors/messages.js";
import type { Run } from "../../actors/workflow/run.js";
import type { PayloadArena } from "../memory/payload-arena.js";
import type { RingProducer } from "../memory/ring-producer.js";
import type { RunTable } from "../memory/run-table.js";
import type { Bells } from "./bells.js";
import { type Command, LET_GO } from "./command-frame.js";
import { encodeLetGo } from "./result-frame.js";
import type { RunRegistry } from "./run-registry.js";
import type { RunResults } from "./run-results.js";

export interface LettingGoParts {
  readonly worker: number;
  readonly controlThread: number;
  readonly runs: RunTable;
  readonly registry: RunRegistry;
  readonly results: RunResults;
  readonly arena: PayloadArena;
  /** To the control thread. */
  readonly producer: RingProducer;
  readonly bells: Bells;
}

/**
 * Lets go of runs that the control thread has taken away. Their epochs are stale by then. When nobody is inside such a run any more,
 * this worker's blocks of it are freed, found by their tags, and the control thread is told: it gives the slot to another run only
 * when all who ever touched it have let go. So nothing of two runs of one slot ever meets.
 */
export class LettingGo {
  readonly #parts: LettingGoParts;
  /** Epochs by slot: told to let go, somebody may still be inside. Bounded by the run slots. */
  readonly #leaving = new Map<number, number>();
  /** Freed; the control thread has not been told for want of room. */
  readonly #untold: Uint8Array[] = [];
  /** Set once, by the composition root. */
  scheduler!: ActorRef<SchedulerMessage>;
  taskActor!: ActorRef<TaskMessage>;

  constructor(parts: LettingGoParts) {
    this.#parts = parts;
  }

  /** Something waits for room on its way to the control thread, or for a guest to leave. */
  get isWaiting(): boolean {
    return this.#untold.length > 0 || this.#leaving.size > 0;
  }

  obey({ kind, slot, epoch }: Command): void {
    const { registry, results } = this.#parts;
    registry.home(slot, epoch)?.actor.tell({ kind: "taken-away" });
    const guest = registry.guest(slot, epoch);
    if (guest !== undefined) this.#giveUp(guest);
    if (kind !== LET_GO) return;
    results.forget(slot, epoch);
    this.#leaving.set(slot, epoch);
  }

  /**
   * Frees what nobody is inside of any more and tells the control thread. Messages to the run's actors may be left over then: a shared
   * run's home is inside until its actor has handled `taken-away`, and one that is not shared has no memory here.
   */
  sweep(): void {
    if (this.#leaving.size > 0) this.#free();
    if (this.#untold.length > 0) this.#tell();
  }

  #giveUp(run: Run): void {
    const reason = new DataFlowerError("DF_CANCELLED", `Cannot go on with run ${run.runId} as it is over`, { runId: run.runId });
    run.isOver = true;
    this.scheduler.tell({ kind: "run-over", run });
    this.taskActor.tell({ kind: "run-over", run, reason });
    this.#parts.registry.removeGuest(run);
  }

  #free(): void {
    const { runs, arena } = this.#parts;
    const left = new Set([...this.#leaving.keys()].filter((slot) => !runs.hasUsers(slot)));
    if (left.size === 0) return;
    arena.sweep((slot) => left.has(slot));
    for (const slot of left) {
      this.#untold.push(encodeLetGo(slot, this.#leaving.get(slot) as number)); // its keys are where the slots come from
      this.#leaving.delete(slot);
    }
  }

  #tell(): void {
    const { producer, bells, controlThread } = this.#parts;
    while (this.#untold.length > 0 && producer.offer(this.#untold[0] as Uint8Array)) this.#untold.shift();
    bells.ring(controlThread);
  }
}
