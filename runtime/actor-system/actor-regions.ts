/**
 * The one SharedArrayBuffer of an actor system.
 *
 *   byte 0
 *   ├─ doorbells ─┼─ rings: from × to ─┤
 *
 * Threads are numbered as in an engine: workers are 0 … workers - 1, the control thread is `workers`.
 */

import { assert } from "../../actors/kernel/assert.js";
import { alignUp, LINE_BYTES } from "../memory/alignment.js";
import { ByteRing } from "../memory/byte-ring.js";
import { Doorbells } from "../memory/doorbell.js";

export interface ActorRegionPlan {
  readonly threads: number;
  /** The control thread's number. */
  readonly control: number;
  /** Bytes of each ring; a power of two. */
  readonly ringBytes: number;
  readonly ringsAt: number;
  readonly byteLength: number;
}

export function planActorRegions(workers: number, ringBytes: number): ActorRegionPlan {
  const threads = workers + 1;
  const ringsAt = alignUp(Doorbells.bytes(threads), LINE_BYTES);
  return { threads, control: workers, ringBytes, ringsAt, byteLength: ringsAt + threads * (threads - 1) * ByteRing.bytes(ringBytes) };
}

/** The shared memory as one thread sees it. */
export class ActorRegions {
  readonly plan: ActorRegionPlan;
  readonly doorbells: Doorbells;
  readonly #buffer: SharedArrayBuffer;

  constructor(buffer: SharedArrayBuffer, plan: ActorRegionPlan) {
    assert(buffer.byteLength === plan.byteLength, "the plan is the plan of this buffer");
    this.plan = plan;
    this.doorbells = new Doorbells(buffer, 0, plan.threads);
    this.#buffer = buffer;
  }

  /** Numbers of all threads but this one. */
  others(thread: number): number[] {
    return Array.from({ length: this.plan.threads }, (_, other) => other).filter((other) => other !== thread);
  }

  /** The ring that `from` writes and `to` reads. */
  ring(from: number, to: number): ByteRing {
    const { threads, ringBytes, ringsAt } = this.plan;
    assert(from !== to && Math.max(from, to) < threads, "a ring joins two threads");
    const index = from * (threads - 1) + (to < from ? to : to - 1);
    return new ByteRing(this.#buffer, ringsAt + index * ByteRing.bytes(ringBytes), ringBytes);
  }
}
