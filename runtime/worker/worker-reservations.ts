import type { Reservations } from "../../actors/ports.js";
import type { ReadyTask } from "../../actors/workflow/run.js";
import type { Amounts, ReservedShare, Reservations as SharedReservations } from "../memory/reservations.js";
import type { Bells } from "./bells.js";

/** Cores in thousandths, as they are counted. The smallest fraction counts as one thousandth. */
export const milliCores = (cpus: number): number => (cpus > 0 ? Math.max(1, Math.round(cpus * 1000)) : 0);
/** Bytes in KiB, rounded up, as they are counted. */
export const kibibytes = (bytes: number): number => Math.ceil(bytes / 1024);

/** What the attempts of one worker take of what the workers of an engine share. Whoever waits for room is rung when there is some. */
export class WorkerReservations implements Reservations {
  readonly isOpen = true;
  readonly reservesAll = false;
  readonly #share: ReservedShare;

  constructor(reservations: SharedReservations, worker: number, capacity: Amounts, bells: Pick<Bells, "ring">) {
    this.#share = reservations.claimShare(worker, capacity, (waiting) => bells.ring(waiting));
  }

  waitingCount(): number {
    return this.#share.waitingCount();
  }

  reserve(task: ReadyTask): boolean {
    const { cpus, memory } = amountsOf(task);
    return this.#share.reserve(cpus, memory);
  }

  suspend(): void {
    this.#share.suspend();
  }

  withdraw(): void {
    this.#share.withdraw();
  }

  release(task: ReadyTask): void {
    const { cpus, memory } = amountsOf(task);
    this.#share.release(cpus, memory);
  }
}

/** What a task reserves. */
function amountsOf({ run, node }: ReadyTask): Amounts {
  const { cpus = 0, memoryBytes = 0 } = run.workflow.graph.options(node);
  return { cpus: milliCores(cpus), memory: kibibytes(memoryBytes) };
}
