/**
 * The one SharedArrayBuffer of an engine, and who finds what where in it.
 *
 *   byte 0
 *   ├─ doorbells ─┼─ in-hand records ─┼─ reservations ─┼─ run table ─┼─ ready queue ─┼─ rings: from × to ─┼─ arenas ─┤
 *
 * Each starts on a 128-byte boundary. Threads are numbered: workers are 0 … workers - 1, the control thread is `workers`. Every thread
 * may offer to and take from the ready queue, has a ring to every other thread, an arena and a doorbell; workers have an in-hand record
 * and reservations.
 *
 * The plan is plain data: it goes to a worker beside the buffer, and both sides compute nothing twice. Offsets are ordinary
 * numbers, as the whole may exceed 2^31 bytes. Memory is committed by the system as it is first touched, so large arenas are cheap.
 */

import { assert } from "../../actors/kernel/assert.js";
import { alignUp, LINE_BYTES } from "./alignment.js";
import { ByteRing } from "./byte-ring.js";
import { Doorbells } from "./doorbell.js";
import { InHand } from "./in-hand.js";
import { PayloadArena } from "./payload-arena.js";
import { ReadyQueue, type ReadyQueueLayout } from "./ready-queue.js";
import { Reservations } from "./reservations.js";
import { RunTable } from "./run-table.js";

export interface RegionSizes {
  /** Worker threads; the control thread comes on top. */
  readonly workers: number;
  /** Tickets in the ready queue; a power of two. */
  readonly queueCapacity: number;
  /** Tickets that one thread may have under way. */
  readonly cellsPerProducer: number;
  /** Int32 words in a ticket. */
  readonly cellWords: number;
  /** Bytes of each ring; a power of two. */
  readonly ringBytes: number;
  /** Bytes of each thread's payload arena; a multiple of 16. */
  readonly arenaBytes: number;
  /** Runs that may live at once. */
  readonly runSlots: number;
}

export interface RegionPlan extends RegionSizes {
  readonly threads: number;
  /** The control thread's number. */
  readonly control: number;
  readonly queue: ReadyQueueLayout;
  readonly doorbellsAt: number;
  readonly inHandAt: number;
  readonly reservationsAt: number;
  readonly runsAt: number;
  readonly queueAt: number;
  readonly ringsAt: number;
  readonly ringStride: number;
  readonly arenasAt: number;
  readonly arenaStride: number;
  readonly byteLength: number;
}

/** What this version of V8 can hold in one SharedArrayBuffer, with a margin. */
export const regionBytesMax = 2 ** 33 - 2 ** 20;

/** Computes where everything lies. */
export function planRegions(sizes: RegionSizes): RegionPlan {
  const { workers, queueCapacity, cellsPerProducer, cellWords, ringBytes, arenaBytes, runSlots } = sizes;
  assert(Number.isInteger(workers) && workers >= 0, "the number of workers is a whole number");
  const threads = workers + 1;
  const queue = { capacity: queueCapacity, threads, cellsPerProducer, cellWords };
  const ringStride = ByteRing.bytes(ringBytes);
  const arenaStride = PayloadArena.bytes(arenaBytes);

  const doorbellsAt = 0;
  const inHandAt = after(doorbellsAt, Doorbells.bytes(threads));
  const reservationsAt = after(inHandAt, workers * InHand.bytes());
  const runsAt = after(reservationsAt, Reservations.bytes(workers));
  const queueAt = after(runsAt, RunTable.bytes(runSlots, threads));
  const ringsAt = after(queueAt, ReadyQueue.bytes(queue));
  const arenasAt = after(ringsAt, threads * (threads - 1) * ringStride);
  const byteLength = after(arenasAt, threads * arenaStride);
  assert(byteLength <= regionBytesMax, "all regions fit one SharedArrayBuffer");

  const offsets = { doorbellsAt, inHandAt, reservationsAt, runsAt, queueAt, ringsAt, ringStride, arenasAt, arenaStride, byteLength };
  return { ...sizes, threads, control: workers, queue, ...offsets };
}

/** Allocates the memory of a plan: zeroed, which every structure takes as its initial state. */
export function createRegions(plan: RegionPlan): SharedArrayBuffer {
  return new SharedArrayBuffer(plan.byteLength);
}

/** Views the memory as its structures, in any thread. */
export function openRegions(buffer: SharedArrayBuffer, plan: RegionPlan): Regions {
  return new Regions(buffer, plan);
}

export class Regions {
  readonly plan: RegionPlan;
  readonly queue: ReadyQueue;
  readonly runs: RunTable;
  readonly doorbells: Doorbells;
  readonly reservations: Reservations;
  readonly #buffer: SharedArrayBuffer;
  readonly #rings = new Map<number, ByteRing>();
  readonly #arenas = new Map<number, PayloadArena>();
  readonly #inHand = new Map<number, InHand>();

  constructor(buffer: SharedArrayBuffer, plan: RegionPlan) {
    assert(buffer.byteLength === plan.byteLength, "the plan is the plan of this buffer");
    this.plan = plan;
    this.#buffer = buffer;
    this.queue = new ReadyQueue(buffer, plan.queueAt, plan.queue);
    this.runs = new RunTable(buffer, plan.runsAt, plan.runSlots, plan.threads);
    this.doorbells = new Doorbells(buffer, plan.doorbellsAt, plan.threads);
    this.reservations = new Reservations(buffer, plan.reservationsAt, plan.workers);
  }

  /** The ring that `from` writes and `to` reads. */
  ring(from: number, to: number): ByteRing {
    this.#assertThread(from);
    this.#assertThread(to);
    assert(from !== to, "a ring joins two threads");
    const index = from * (this.plan.threads - 1) + (to < from ? to : to - 1);
    return kept(
      this.#rings,
      index,
      () => new ByteRing(this.#buffer, this.plan.ringsAt + index * this.plan.ringStride, this.plan.ringBytes),
    );
  }

  /** The arena in which `thread` allocates. */
  arena(thread: number): PayloadArena {
    this.#assertThread(thread);
    const at = this.plan.arenasAt + thread * this.plan.arenaStride;
    return kept(this.#arenas, thread, () => new PayloadArena(this.#buffer, at, this.plan.arenaBytes));
  }

  /** The arenas of all threads, by thread. */
  arenas(): PayloadArena[] {
    return Array.from({ length: this.plan.threads }, (_, thread) => this.arena(thread));
  }

  /** The in-hand record that `worker` writes. */
  inHand(worker: number): InHand {
    assert(worker >= 0 && worker < this.plan.workers, "an in-hand record belongs to a worker");
    return kept(this.#inHand, worker, () => new InHand(this.#buffer, this.plan.inHandAt + worker * InHand.bytes()));
  }

  #assertThread(thread: number): void {
    assert(Number.isInteger(thread) && thread >= 0 && thread < this.plan.threads, "a region belongs to a thread of the plan");
  }
}

const after = (offset: number, byteLength: number): number => alignUp(offset + byteLength, LINE_BYTES);

function kept<T>(cache: Map<number, T>, key: number, make: () => T): T {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  return made;
}
