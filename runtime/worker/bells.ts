import type { MessagePort } from "node:worker_threads";
import type { Doorbells } from "../memory/doorbell.js";

/** Rings other threads: one coalesced message wakes a thread that sleeps in its event loop. */
export class Bells {
  readonly #doorbells: Doorbells;
  readonly #ports: ReadonlyMap<number, MessagePort>;
  readonly #workers: number;
  #next = 0;

  /** @param ports by thread */
  constructor(doorbells: Doorbells, ports: ReadonlyMap<number, MessagePort>, workers: number) {
    this.#doorbells = doorbells;
    this.#ports = ports;
    this.#workers = workers;
  }

  /** Tells a thread that there is something for it. */
  ring(thread: number): void {
    if (this.#doorbells.ring(thread)) this.#ports.get(thread)?.postMessage(0);
  }

  /** Tells one hungry worker that there is a ticket, each time another one; false when nobody is hungry. */
  ringHungry(except: number): boolean {
    for (let step = 0; step < this.#workers; step++) {
      const worker = (this.#next + step) % this.#workers;
      if (worker === except || !this.#doorbells.isHungry(worker)) continue;
      this.#next = worker + 1;
      this.ring(worker);
      return true;
    }
    return false;
  }

  close(): void {
    for (const port of this.#ports.values()) port.close();
  }
}
