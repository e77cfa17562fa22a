import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { linkThreads } from "../../../runtime/engine/thread-ports.js";
import { createRegions, openRegions, planRegions, type RegionPlan, type Regions } from "../../../runtime/memory/regions.js";
import type { Link } from "../../../runtime/worker/links.js";
import { mustHold } from "../operation.js";

/** The two threads of a pair, by their numbers in shared memory. */
export const PARTNER = 0;
export const STARTER = 1;

/** What the partner's thread is given. */
export interface PartnerData {
  readonly buffer: SharedArrayBuffer;
  readonly plan: RegionPlan;
  /** Its ends of the ports between the two. */
  readonly link: Link;
  /** Longest spin before it sleeps, in µs; 0: it sleeps at once. */
  readonly spinUs: number;
  readonly notes: Notes;
}

/** What the two say to each other beside the engine's own memory, for the sake of the measurement. */
export interface Notes {
  /** When the newest ring was, in ms of the machine's clock; 0: it does not count. Written before the ring. */
  readonly rungAt: Float64Array;
  /** At RUNG how often the starter has rung, at HEARD how often the partner has heard it. */
  readonly rings: Int32Array;
}

export const RUNG = 0;
export const HEARD = 1;

/** This thread's half of a pair. */
export interface Pair {
  readonly worker: Worker;
  readonly regions: Regions;
  readonly link: Link;
  readonly notes: Notes;
}

/** How often one kind of hop is made. */
export interface HopCount {
  /** Before those that count. */
  readonly warmup: number;
  readonly count: number;
  /** Whether the thread that is rung sleeps in its event loop, or else spins. */
  readonly isAsleep: boolean;
}

/** As small as an engine can have it; its rings are as long as they are there. */
const SIZES = { workers: 1, queueCapacity: 2, cellsPerProducer: 1, cellWords: 1, ringBytes: 256 * 1024, arenaBytes: 1024, runSlots: 2 };

/** Starts a thread of a module beside this one, and waits until it says that it is ready. */
export async function openPair(module: string, spinUs: number): Promise<Pair> {
  const plan = planRegions(SIZES);
  const buffer = createRegions(plan);
  const notes = { rungAt: new Float64Array(new SharedArrayBuffer(8)), rings: new Int32Array(new SharedArrayBuffer(8)) };
  const { ofOne, ofOther } = linkThreads(PARTNER, 0, STARTER, 0);
  const worker = new Worker(fileURLToPath(new URL(module, import.meta.url)), {
    workerData: { buffer, plan, link: ofOne, spinUs, notes } satisfies PartnerData,
    transferList: [ofOne.bell, ofOne.blob],
  });
  const [message] = await once(worker, "message");
  mustHold(message === "ready", "the other thread must start");
  return { worker, regions: openRegions(buffer, plan), link: ofOther, notes };
}
