import { DataFlowerError } from "../../actors/kernel/errors.js";
import { ActorSystem } from "../../actors/kernel/system.js";
import { noJournal } from "../../actors/lone-ports.js";
import type { Ports, Results } from "../../actors/ports.js";
import { RunReadySet } from "../../actors/scheduling/run-ready-set.js";
import { spawnWorkerActors, type Trace, type WorkerActors } from "../../actors/worker-actors.js";
import type { Run } from "../../actors/workflow/run.js";
import { WorkerLoop } from "../worker/loop.js";
import type { VirtualCore } from "./virtual-core.js";
import { VirtualPresence } from "./virtual-presence.js";
import { VirtualReports } from "./virtual-reports.js";
import type { VirtualShared } from "./virtual-shared.js";
import { VirtualSharing } from "./virtual-sharing.js";
import { VirtualStopwatch } from "./virtual-stopwatch.js";
import { VirtualTickets } from "./virtual-tickets.js";

export interface VirtualWorkerParts {
  readonly worker: number;
  readonly shared: VirtualShared;
  readonly core: VirtualCore;
  readonly results: Results;
  /** A number from 0 up to 1: for the delays between attempts. */
  readonly random: () => number;
  readonly trace: Trace | undefined;
}

/** Composition root of a virtual worker: the actors and the loop of a thread, behind virtual ports. It executes one attempt at a time. */
export class VirtualWorker {
  readonly #actors: WorkerActors;
  readonly #loop: WorkerLoop;

  constructor({ worker, shared, core, results, random, trace }: VirtualWorkerParts) {
    const { clock, eventLoop, doorbells, mail, live } = shared;
    const watch = new VirtualStopwatch(clock);
    const tickets = new VirtualTickets(worker, shared, () => this.#loop.notHungry());
    const ports: Ports = {
      watch,
      tickets,
      executor: core,
      sharing: new VirtualSharing(worker, shared),
      presence: new VirtualPresence(live),
      reports: new VirtualReports(shared),
      results,
      latency: { task() {} },
      inHand: { begin() {}, waits() {} },
      reservations: shared.reservations.of(worker),
      journal: noJournal,
      clock,
      random,
      outputBytesMax: Number.POSITIVE_INFINITY,
    };
    const system = new ActorSystem({ clock, onRunnable: () => this.#loop.poke() });
    this.#actors = spawnWorkerActors({ system, ports, ready: new RunReadySet(), concurrency: 1, trace });
    const { scheduler, checkpoint, guest, taskActor, behind } = this.#actors;
    tickets.guestActor = guest;
    core.taskActor = taskActor;
    this.#loop = new WorkerLoop({
      worker,
      system,
      scheduler,
      checkpoint,
      doorbells,
      watch,
      spin: { waitForRing: () => false },
      eventLoop,
      isOccupied: () => behind.scheduler.isOccupied,
      isBlocked: () => behind.checkpoint.isWaiting || behind.scheduler.isHeldUp,
      drain: () => mail.drain(worker),
      sweep: () => {},
      endTurn: () => behind.taskActor.endTurn(),
      onFailed: (error) => {
        throw error;
      },
    });
  }

  /** Begins to take work. */
  begin(): void {
    this.#loop.begin();
  }

  /** Rung while it slept. */
  wake(): void {
    this.#loop.wake();
  }

  /** A run that it is a guest of has failed: what it has of it is given up, as LettingGo does it. */
  giveUp(run: Run): void {
    const reason = new DataFlowerError("DF_CANCELLED", `Cannot go on with run ${run.runId} as it is over`, { runId: run.runId });
    run.isOver = true;
    this.#actors.scheduler.tell({ kind: "run-over", run });
    this.#actors.taskActor.tell({ kind: "run-over", run, reason });
  }
}
