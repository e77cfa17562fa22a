import { type CostedFunction, runTimeMs, successorsOf, topologicalOrder } from "./costed-function.js";
import { gbMb, type WorkerPrices } from "./prices.js";

/** A worker with one core, which executes one function at a time. */
export interface PlannedWorker {
  /** In the order in which it executes them. */
  readonly functions: readonly { readonly position: number; readonly fromMs: number; readonly toMs: number }[];
  /** What the largest of them holds. */
  readonly memoryMb: number;
  /** Rented from the start of the first one to the end of the last. */
  readonly usd: number;
}

export interface WorkerPlan {
  readonly workers: readonly PlannedWorker[];
  readonly usd: number;
  readonly makespanMs: number;
}

/** What becomes of a request for workers. */
export type WorkerVerdict =
  | { readonly kind: "planned"; readonly plan: WorkerPlan }
  /** Even with a worker for each function that can run at a time. */
  | { readonly kind: "deadline impossible"; readonly smallestMs: number }
  | { readonly kind: "functions wait for each other" };

export interface WorkerPlanOptions {
  readonly functions: readonly CostedFunction[];
  readonly deadlineMs: number;
  readonly prices: WorkerPrices;
}

const hourMs = 3_600_000;
/** Differences below this share of a price are those of floating point. */
const noiseShare = 1e-9;

/**
 * Plans how many workers to rent, so that functions end by a deadline and cost little: of all numbers of workers whose list schedule by the
 * longest path meets the deadline (T. C. Hu, 1961), the cheapest, and of equals the smallest. Fewer workers wait less for work: this packs functions onto what is paid for.
 *
 * There is no fee for a start, so that functions one after the other on one worker save nothing by being one.
 */
export function planWorkers({ functions, deadlineMs, prices }: WorkerPlanOptions): WorkerVerdict {
  const order = topologicalOrder(functions);
  if (order === undefined) return { kind: "functions wait for each other" };
  const pathsMs = longestPathsMs(functions, order);
  const smallestMs = Math.max(0, ...pathsMs);
  if (smallestMs > deadlineMs) return { kind: "deadline impossible", smallestMs };
  let best: WorkerPlan | undefined;
  for (let count = 1; count <= Math.max(1, functions.length); count++) {
    const plan = scheduled(functions, pathsMs, count, prices);
    const isInTime = plan.makespanMs <= deadlineMs || count >= functions.length; // as many as there are functions: none waits
    if (isInTime && (best === undefined || plan.usd < best.usd * (1 - noiseShare))) best = plan;
  }
  return { kind: "planned", plan: best as WorkerPlan };
}

const msOf = (one: CostedFunction): number => runTimeMs(one, 1);

/** By position: time from the start of the function to the end of all that wait for it, at the least. */
function longestPathsMs(functions: readonly CostedFunction[], order: readonly number[]): readonly number[] {
  const successors = successorsOf(functions);
  const pathsMs = functions.map(() => 0);
  for (const position of order.toReversed()) {
    const after = (successors[position] as readonly number[]).map((successor) => pathsMs[successor] as number);
    pathsMs[position] = msOf(functions[position] as CostedFunction) + Math.max(0, ...after);
  }
  return pathsMs;
}

/** Whenever a worker is free, the first of them takes the function with the longest path of those that wait for no other. */
function scheduled(functions: readonly CostedFunction[], pathsMs: readonly number[], count: number, prices: WorkerPrices): WorkerPlan {
  const workers: PlannedWorker["functions"][0][][] = Array.from({ length: count }, () => []);
  const freeMs = new Float64Array(count);
  const endsMs = new Map<number, number>();
  const left = new Set(functions.keys());
  const readyMs = (position: number): number =>
    (functions[position] as CostedFunction).after.reduce((latest, b) => Math.max(latest, endsMs.get(b) ?? Number.POSITIVE_INFINITY), 0);
  while (left.size > 0) {
    const earliestMs = Math.min(...freeMs);
    const fromMs = Math.max(earliestMs, Math.min(...[...left].map(readyMs)));
    const ready = [...left].filter((position) => readyMs(position) <= fromMs);
    const position = ready.reduce((one, other) => ((pathsMs[other] as number) > (pathsMs[one] as number) ? other : one));
    const worker = freeMs.findIndex((free) => free <= fromMs);
    const toMs = fromMs + msOf(functions[position] as CostedFunction);
    (workers[worker] as PlannedWorker["functions"][0][]).push({ position, fromMs, toMs });
    freeMs[worker] = toMs;
    endsMs.set(position, toMs);
    left.delete(position);
  }
  const rented = workers.filter((executed) => executed.length > 0).map((executed) => rentedWorker(functions, executed, prices));
  return { workers: rented, usd: rented.reduce((sum, { usd }) => sum + usd, 0), makespanMs: Math.max(0, ...endsMs.values()) };
}

function rentedWorker(
  functions: readonly CostedFunction[],
  executed: PlannedWorker["functions"],
  { usdPerCoreHour, usdPerGbHour }: WorkerPrices,
): PlannedWorker {
  const memoryMb = Math.max(...executed.map(({ position }) => (functions[position] as CostedFunction).peakMb));
  const rentedMs = (executed.at(-1)?.toMs ?? 0) - (executed[0]?.fromMs ?? 0);
  return { functions: executed, memoryMb, usd: (rentedMs / hourMs) * (usdPerCoreHour + (memoryMb / gbMb) * usdPerGbHour) };
}
