import { Mailbox } from "../../actors/kernel/mailbox.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualDoorbells } from "./virtual-doorbells.js";

export interface VirtualMailParts {
  readonly workers: number;
  readonly clock: VirtualClock;
  readonly doorbells: VirtualDoorbells;
  /** Drawn for each letter. */
  readonly hopMs: () => number;
}

/** What is addressed to one virtual worker: what byte rings are to threads. Letters to one worker arrive in the order of sending. */
export class VirtualMail {
  readonly #parts: VirtualMailParts;
  readonly #boxes: readonly Mailbox<() => void>[];
  readonly #newestArrivalMs: Float64Array;

  constructor(parts: VirtualMailParts) {
    this.#parts = parts;
    this.#boxes = Array.from({ length: parts.workers }, () => new Mailbox<() => void>(Number.MAX_SAFE_INTEGER));
    this.#newestArrivalMs = new Float64Array(parts.workers);
  }

  /** @param open called on the worker, at the beginning of its next step after the arrival */
  send(worker: number, open: () => void): void {
    const { clock, doorbells, hopMs } = this.#parts;
    const arrivesMs = Math.max(this.#newestArrivalMs[worker] as number, clock.nowMs() + hopMs());
    this.#newestArrivalMs[worker] = arrivesMs;
    clock.at(arrivesMs, () => {
      this.#boxOf(worker).offer(open);
      doorbells.ring(worker);
    });
  }

  /** Opens all that has arrived; true when there was something. */
  drain(worker: number): boolean {
    const box = this.#boxOf(worker);
    if (box.count === 0) return false;
    for (let open = box.take(); open !== undefined; open = box.take()) open();
    return true;
  }

  #boxOf(worker: number): Mailbox<() => void> {
    return this.#boxes[worker] as Mailbox<() => void>; // there is one for each
  }
}
