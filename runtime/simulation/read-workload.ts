import { extname } from "node:path";
import { refuseOption } from "../authoring/option-checks.js";
import { readTextFile } from "../authoring/read-text-file.js";
import { parseWfFormat } from "../authoring/wfformat/parse.js";
import { type Arrivals, poissonArrivals, readArrivals } from "./arrivals.js";
import { readBag } from "./bag.js";
import type { Machine } from "./machine.js";
import type { RunPool } from "./run-pool.js";
import { scheduleRuns } from "./schedule-runs.js";
import { seededRandom, streams } from "./seeded-random.js";
import { TraceRotation } from "./trace-rotation.js";
import { simulatedTrace } from "./trace-workload.js";
import type { SimulatedRun } from "./workload.js";

/** Where the times of submissions come from. */
export type ArrivalSource =
  | { readonly kind: "file"; readonly file: string }
  /** On average so many a second, at random. */
  | { readonly kind: "poisson"; readonly perSecond: number };

export interface WorkloadOptions {
  /** One CSV file, a bag of tasks; or WfFormat files (.json), whose workflows take turns. */
  readonly files: readonly string[];
  /** undefined: a bag's tasks come when it says, and recorded workflows at once. */
  readonly arrivals: ArrivalSource | undefined;
  /** See scheduleRuns(). */
  readonly load: number | undefined;
  /** undefined: all tasks of a bag; as many runs of workflows as the arrivals file has, or one of each file. */
  readonly runs: number | undefined;
  readonly machines: readonly Machine[];
  readonly seed: number;
}

/**
 * Reads what is to be simulated.
 *
 * @throws DF_OPTION_INVALID for files that cannot be read or do not go together, and for more runs than there are; DF_SPEC_INVALID for
 *   what is wrong in a file
 */
export function readWorkload({ files, arrivals: source, load, runs, machines, seed }: WorkloadOptions): Iterable<SimulatedRun> {
  const pool = readPool(files);
  const arrivals = source === undefined ? undefined : arrivalsOf(source, seed);
  const countMax = Math.min(pool.countMax, arrivals?.countMax ?? pool.countMax);
  const count = runs ?? (countMax === Number.MAX_SAFE_INTEGER ? files.length : countMax);
  if (count > countMax) refuseOption("--runs", `at most the ${countMax} that there are`, count);
  return scheduleRuns({ pool, count, arrivals, load, machines });
}

function readPool(files: readonly string[]): RunPool {
  const kinds = new Set(files.map(kindOf));
  const [first = ""] = files;
  if (kinds.size === 1 && kinds.has(".json"))
    return new TraceRotation(files.map((file) => simulatedTrace(parseWfFormat(readTextFile("FILE", file), file))));
  if (files.length === 1 && kinds.has(".csv")) return readBag(readTextFile("FILE", first), first);
  return refuseOption("FILE", "one CSV file, or any number of WfFormat files (.json)", files.join(", "));
}

function kindOf(file: string): string {
  const kind = extname(file).toLowerCase();
  if (kind === ".json" || kind === ".csv") return kind;
  return refuseOption("FILE", "a WfFormat file (.json) or a bag of tasks (.csv)", file);
}

function arrivalsOf(source: ArrivalSource, seed: number): Arrivals {
  if (source.kind === "poisson") return poissonArrivals(source.perSecond, seededRandom(seed, streams.arrivals));
  return readArrivals(readTextFile("--arrivals", source.file), source.file);
}
