import type { Doorbells } from "../memory/doorbell.js";
import type { Links } from "./links.js";

/** Rings other threads: one coalesced message wakes a thread that sleeps in its event loop. */
export class Bells {
  readonly #doorbells: Doorbells;
  readonly #links: Links;
  readonly #workers: number;
  #next = 0;

  constructor(doorbells: Doorbells, links: Links, workers: number) {
    this.#doorbells = doorbells;
    this.#links = links;
    this.#workers = workers;
  }

  /** Tells a thread that there is something for it. */
  ring(thread: number): void {
    if (this.#doorbells.ring(thread)) this.#links.bell(thread)?.postMessage(0);
  }

  /** Wakes a thread whatever it has announced: for what a ringer that ended may have left undone. */
  wake(thread: number): void {
    this.#doorbells.ring(thread);
    this.#links.bell(thread)?.postMessage(0);
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
}
