import type { MeasuringOptions } from "../harness/measuring-options.js";
import { disturbance, measureRounds } from "../harness/rounds.js";
import { type Estimate, median, ratio } from "../harness/statistics.js";
import { Progress } from "../report/progress.js";
import { microseconds, rate, ratioWithInterval, threeDigits } from "../report/quantities.js";
import { table } from "../report/table.js";
import type { BuiltCommit } from "./built-commit.js";
import type { Case, Figure } from "./cases.js";

export interface CompareOptions extends MeasuringOptions {
  readonly other: Pick<BuiltCommit, "commit" | "root">;
  readonly cases: readonly Case[];
}

export interface Comparison {
  readonly text: string;
  readonly samples: readonly Sample[];
  readonly summary: readonly ComparedFigure[];
}

type Build = "this" | "other";
type Sample = Figure & { readonly round: number; readonly build: Build };

interface ComparedFigure extends Omit<Figure, "value"> {
  /** Median of the rounds of this package and of the other commit. */
  readonly ours: number;
  readonly theirs: number;
  /** How many times as good this package is, round by round: over 1 it is the faster one, or the smaller one. */
  readonly gain: Estimate;
}

/** Measures this package and another commit in interleaved rounds of fresh processes. Rejects when an answer is wrong. */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { packageRoot, other, cases, rounds, seed } = options;
  const roots: Readonly<Record<Build, string>> = { this: packageRoot, other: `${other.root}/` };
  const units = cases.flatMap((one) => (["this", "other"] as const).map((build) => ({ build, one })));
  const progress = new Progress("compare");
  const measured = await measureRounds({
    units,
    rounds,
    seed,
    measure: ({ build, one }) => one.measure({ ...options, packageRoot: roots[build] }),
    progress: ({ build, one }, done, total) => progress.update(done, total, `${one.name} of ${build}`),
  });
  progress.end();
  const samples = measured.flatMap(({ samples: ofRound }, round) =>
    ofRound.flatMap((figures, index) => figures.map((figure): Sample => ({ round, build: units[index]!.build, ...figure }))),
  );
  const summary = comparedFigures(samples, seed);
  return { text: `${render(summary, other.commit)}\n${disturbance(measured)}`, samples, summary };
}

/** In the order in which they are measured. */
export function comparedFigures(samples: readonly Sample[], seed: number): ComparedFigure[] {
  const figures = new Map(samples.map(({ name, unit }) => [name, unit]));
  return [...figures].map(([name, unit]) => {
    const of = (build: Build) => samples.filter((sample) => sample.name === name && sample.build === build).map(({ value }) => value);
    const [ours, theirs] = [of("this"), of("other")];
    const gain = unit === "tasks/s" ? ratio(ours, theirs, seed) : ratio(theirs, ours, seed);
    return { name, unit, ours: median(ours), theirs: median(theirs), gain };
  });
}

function render(summary: readonly ComparedFigure[], commit: string): string {
  const columns = [
    { title: "", align: "left" as const },
    ...["this", commit.slice(0, 7), "times as good [95 %]"].map((title) => ({ title, align: "right" as const })),
  ];
  const rows = summary.map(({ name, unit, ours, theirs, gain }) => [
    name,
    quantity(ours, unit),
    quantity(theirs, unit),
    Number.isFinite(gain.median) ? ratioWithInterval(gain) : "-",
  ]);
  return table(columns, rows);
}

function quantity(value: number, unit: Figure["unit"]): string {
  if (Number.isNaN(value)) return "too few";
  if (value === Number.POSITIVE_INFINITY) return "not reached";
  switch (unit) {
    case "tasks/s":
      return `${rate(value)}/s`;
    case "MB":
      return `${threeDigits(value)} MB`;
    case "ms":
      return microseconds(value * 1e3);
    case "µs":
      return microseconds(value);
  }
}
