import type { MakeReady } from "../../actors/workflow/loaded-workflow.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualDoorbells } from "./virtual-doorbells.js";
import type { VirtualEventLoop } from "./virtual-event-loop.js";
import type { VirtualMail } from "./virtual-mail.js";
import type { VirtualReadyQueue } from "./virtual-ready-queue.js";
import type { VirtualReservations } from "./virtual-reservations.js";
import type { VirtualRun } from "./virtual-run.js";

/** What all workers of a simulation have in common: what is shared memory to threads. */
export interface VirtualShared {
  readonly workers: number;
  readonly clock: VirtualClock;
  readonly eventLoop: VirtualEventLoop;
  readonly doorbells: VirtualDoorbells;
  readonly queue: VirtualReadyQueue;
  readonly mail: VirtualMail;
  /** By order: runs that a worker has or may take. */
  readonly live: Map<number, VirtualRun>;
  readonly reservations: VirtualReservations;
  /** The order of the tasks within a run. */
  readonly makeReady: MakeReady;
}
