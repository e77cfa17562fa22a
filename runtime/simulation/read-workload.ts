import { extname } from "node:path";
import { refuseOption, requireInteger, requireNumber, requireOneOf, requireOptions, requireTexts } from "../authoring/option-checks.js";
import { readTextFile } from "../authoring/read-text-file.js";
import { parseWfFormat } from "../authoring/wfformat/parse.js";
import { type Arrivals, poissonArrivals, readArrivals } from "./arrivals.js";
import { readBag } from "./bag.js";
import type { Machine } from "./machine.js";
import { requireMachines } from "./require-machines.js";
import type { RunPool } from "./run-pool.js";
import { scheduleRuns } from "./schedule-runs.js";
import { seededRandom, streams } from "./seeded-random.js";
import { requireSeed } from "./simulation-options.js";
import { TraceRotation } from "./trace-rotation.js";
import { simulatedTrace } from "./trace-workload.js";
import { withoutEstimates } from "./without-estimates.js";
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
  readonly arrivals?: ArrivalSource | undefined;
  /** See scheduleRuns(). */
  readonly load?: number | undefined;
  /** undefined: all tasks of a bag; as many runs of workflows as the arrivals file has, or one of each file. */
  readonly runs?: number | undefined;
  /** Those that the load is one of; only needed with a load. */
  readonly machines?: readonly Machine[] | undefined;
  /** Of arrivals at random. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** What policies are told of run times: "exact", what they will be, or "none". @defaultValue "exact" */
  readonly estimates?: "exact" | "none" | undefined;
}

const names = ["files", "arrivals", "load", "runs", "machines", "seed", "estimates"] as const satisfies readonly (keyof WorkloadOptions)[];

/** Arrivals of one second, at most, on average. */
export const rateMax = 1e9;
export const loadMax = 1e6;
export const runsMax = 100_000_000;

/**
 * Reads what is to be simulated.
 *
 * @throws DF_OPTION_INVALID for files that cannot be read or do not go together, for more runs than there are, and for any other option that
 *   breaks its rule; DF_SPEC_INVALID for what is wrong in a file
 */
export function readWorkload(options: WorkloadOptions): Iterable<SimulatedRun> {
  const { files, arrivals: source, load, runs, machines, seed, estimates } = resolve(options);
  const pool = readPool(files);
  const arrivals = source === undefined ? undefined : arrivalsOf(source, seed);
  const countMax = Math.min(pool.countMax, arrivals?.countMax ?? pool.countMax);
  const count = runs ?? (countMax === Number.MAX_SAFE_INTEGER ? files.length : countMax);
  if (count > countMax) refuseOption("--runs", `at most the ${countMax} that there are`, count);
  const scheduled = scheduleRuns({ pool, count, arrivals, load, machines });
  return estimates === "none" ? withoutEstimates(scheduled) : scheduled;
}

interface ResolvedWorkload extends WorkloadOptions {
  readonly machines: readonly Machine[];
  readonly seed: number;
}

function resolve(given: WorkloadOptions): ResolvedWorkload {
  const { files, arrivals, load, runs, machines, seed = 1, estimates } = requireOptions("workload", given, names);
  return {
    files: requireTexts("workload.files", files),
    arrivals: arrivals === undefined ? undefined : requireSource(arrivals),
    load: load === undefined ? undefined : requireNumber("workload.load", load, { min: Number.MIN_VALUE, max: loadMax }),
    runs: runs === undefined ? undefined : requireInteger("workload.runs", runs, { min: 1, max: runsMax }),
    machines: machines === undefined && load === undefined ? [] : requireMachines("workload.machines", machines),
    seed: requireSeed("workload.seed", seed),
    estimates: requireOneOf("workload.estimates", estimates ?? "exact", ["exact", "none"]),
  };
}

function requireSource(given: unknown): ArrivalSource {
  const { kind, file, perSecond } = (given ?? {}) as { readonly [name: string]: unknown };
  if (kind === "file" && typeof file === "string") return { kind, file };
  if (kind === "poisson" && typeof perSecond === "number" && perSecond > 0 && perSecond <= rateMax) return { kind, perSecond };
  return refuseOption("workload.arrivals", `of kind "file" and name a file, or "poisson" and say perSecond, at most ${rateMax}`, given);
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
