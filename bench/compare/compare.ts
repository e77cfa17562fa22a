import type { Throughput } from "../harness/closed-loop.js";
import { measureInFreshProcess, type Unit } from "../harness/fresh-process.js";
import type { Pace } from "../harness/pace.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { median, ratio } from "../harness/statistics.js";
import { Progress } from "../report/progress.js";
import { rate, ratioWithInterval } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { BuiltCommit } from "./built-commit.js";

/** What is measured at both commits. */
export interface Case {
  readonly workload: string;
  readonly threads: number;
  readonly handlers: "sync" | "async";
}

export interface CompareOptions {
  readonly packageRoot: string;
  readonly other: Pick<BuiltCommit, "commit" | "root">;
  readonly cases: readonly Case[];
  readonly rounds: number;
  readonly seed: number;
  readonly pace: Pace;
}

export interface Comparison {
  readonly text: string;
  readonly samples: readonly unknown[];
  readonly summary: readonly ComparedCase[];
}

interface ComparedCase extends Case {
  /** Median tasks/s of this package and of the other commit. */
  readonly ours: number;
  readonly theirs: number;
  /** Ours ÷ theirs, round by round: over 1 is faster than the other commit. */
  readonly ratio: { readonly median: number; readonly low: number; readonly high: number };
}

type Sample = Throughput & { readonly round: number; readonly build: Build; readonly unit: Case };
type Build = "this" | "other";
type Measured = { readonly build: Build; readonly unit: Case };

/** The stencil with every worker and with one, sync and async; small runs. */
export function casesOf(cores: number): Case[] {
  const sync = (workload: string, threads = cores): Case => ({ workload, threads, handlers: "sync" });
  return [
    sync("stencil-100"),
    sync("stencil-100", 1),
    { workload: "stencil-100", threads: cores, handlers: "async" },
    sync("fan-10"),
    sync("chain-1"),
  ];
}

const IN_FLIGHT = 64;

/** Measures this package and another commit in interleaved rounds of fresh processes. Rejects when an answer is wrong. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { packageRoot, other, cases, rounds, seed } = options;
  const units = cases.flatMap((unit): Measured[] => [
    { build: "this", unit },
    { build: "other", unit },
  ]);
  const roots: Readonly<Record<Build, string>> = { this: packageRoot, other: other.root };
  const progress = new Progress("compare");
  const measured = await measureRounds({
    units,
    rounds,
    seed,
    // as: child.ts prints what throughput.ts returns
    measure: async ({ build, unit }: Measured) => (await measureInFreshProcess(unitOf(unit, options), roots[build]))[0] as Throughput,
    progress: ({ build, unit }, done, total) => progress.update(done, total, `${nameOf(unit)} of ${build}`),
  });
  progress.end();
  const samples = measured.flatMap(({ samples: ofRound }, round) =>
    ofRound.map((sample, index): Sample => ({ round, ...units[index]!, ...sample })),
  );
  const summary = cases.map((unit) => compareCase(unit, samples, seed));
  return { text: `${render(summary, other.commit)}\n${disturbance(measured)}`, samples, summary };
}

function unitOf({ workload, threads, handlers }: Case, { pace }: CompareOptions): Unit {
  return {
    contender: "dataflower",
    workloads: [workload],
    parameters: { measure: "throughput", threads, handlers, inFlight: IN_FLIGHT, ...pace },
  };
}

function compareCase(unit: Case, samples: readonly Sample[], seed: number): ComparedCase {
  const of = (build: Build) =>
    samples.filter((sample) => sample.unit === unit && sample.build === build).map(({ tasksPerSecond }) => tasksPerSecond);
  const [ours, theirs] = [of("this"), of("other")];
  return { ...unit, ours: median(ours), theirs: median(theirs), ratio: ratio(ours, theirs, seed) };
}

const nameOf = ({ workload, threads, handlers }: Case) => `${workload}, ${threads} workers, ${handlers} handlers`;

function render(summary: readonly ComparedCase[], commit: string): string {
  const columns = [
    { title: "tasks/s", align: "left" as const },
    ...["this", commit.slice(0, 7), "this ÷ other [95 %]"].map((title) => ({ title, align: "right" as const })),
  ];
  const rows = summary.map((row) => [nameOf(row), rate(row.ours), rate(row.theirs), ratioWithInterval(row.ratio)]);
  return table(columns, rows);
}
