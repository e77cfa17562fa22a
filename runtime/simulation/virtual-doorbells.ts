import type { OwnBell } from "../worker/loop.js";

/** The doorbells of virtual workers: what doorbell.ts keeps in shared memory. A worker is rung in an event of its own, never while it works. */
export class VirtualDoorbells implements OwnBell {
  readonly #events: Int32Array;
  readonly #isAsleep: Uint8Array;
  readonly #isHungry: Uint8Array;
  readonly #wake: (worker: number) => void;
  #hungry = 0;
  /** Who is looked at first for hunger: another one after each ring. */
  #next = 0;

  /** @param wake called when a sleeping worker is rung */
  constructor(workers: number, wake: (worker: number) => void) {
    this.#events = new Int32Array(workers);
    this.#isAsleep = new Uint8Array(workers);
    this.#isHungry = new Uint8Array(workers);
    this.#wake = wake;
  }

  events(worker: number): number {
    return this.#events[worker] as number;
  }

  wakeUp(worker: number): void {
    this.#isAsleep[worker] = 0;
  }

  fallAsleep(worker: number, seen: number): boolean {
    if (this.events(worker) !== seen) return false;
    this.#isAsleep[worker] = 1;
    return true;
  }

  setHungry(worker: number, isHungry: boolean): void {
    this.#hungry += Number(isHungry) - (this.#isHungry[worker] as number);
    this.#isHungry[worker] = Number(isHungry);
  }

  /** Hungry workers other than `except`. */
  hungryCount(except: number): number {
    return this.#hungry - (this.#isHungry[except] as number);
  }

  /** A hungry worker other than `except`, each time another one; -1 when there is none. */
  nextHungry(except: number): number {
    const workers = this.#isHungry.length;
    for (let step = 0; this.#hungry > 0 && step < workers; step++) {
      const worker = (this.#next + step) % workers;
      if (worker === except || this.#isHungry[worker] === 0) continue;
      this.#next = worker + 1;
      return worker;
    }
    return -1;
  }

  /** Tells a worker that there is something to look for. */
  ring(worker: number): void {
    this.#events[worker] = (this.events(worker) + 1) | 0;
    if (this.#isAsleep[worker] === 0) return;
    this.#isAsleep[worker] = 0;
    this.#wake(worker);
  }
}
