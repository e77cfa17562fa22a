import { median } from "../harness/statistics.js";
import { ratioWithInterval } from "../report/quantities.js";
import { table } from "../report/table.js";
import { UsageError } from "./arguments.js";
import { compareSummaries, type MetricComparison } from "./compare-runs.js";
import { summariesOf } from "./keep-reports.js";
import { folderOf, RunFolder } from "./run-folder.js";

/** How facts and metrics of two runs differ: how many do not, and those that do. Throws UsageError for a folder that is no run. */
export function comparisonText(first: string, second: string): string {
  const [before, after] = [runIn(first), runIn(second)];
  const { measured, same, incomparable } = compareSummaries(summariesOf(before), summariesOf(after));
  const different = measured.filter(({ isDifferent }) => isDifferent);
  const titles = ["experiment", "variant", "metric", "B ÷ A [95 %]", "n"].map((title) => ({ title, align: "left" as const }));
  const rows = different.map(({ experiment, variant, metric, ratio, n }) => [
    experiment,
    variant,
    metric,
    ratioWithInterval(ratio),
    n.join(", "),
  ]);
  return [
    ...factLines(before, after),
    `${measured.length + same + incomparable} metrics of both runs: ${measured.length} measured, ${same} with the same values in both,`,
    `${incomparable} without an interval (a value of 0, or one value in each run).`,
    ...(measured.length === 0 ? [] : [agreementOf(measured, different.length)]),
    ...(rows.length === 0 ? [] : ["", "The others:", "", table(titles, rows)]),
    "",
  ].join("\n");
}

/** How wide the intervals are stands beside how many hold 1: all would if they were wide enough. */
function agreementOf(measured: readonly MetricComparison[], different: number): string {
  const share = 100 * (1 - different / measured.length);
  const reach = median(measured.map(({ ratio: { low, high } }) => Math.sqrt(high / low)));
  return `Of ${share.toFixed(1)} % of those measured the ratio B ÷ A has 1 in its 95 % interval; half of these reach no further than a factor of ${reach.toFixed(2)}.`;
}

function runIn(path: string): RunFolder {
  const run = RunFolder.at(path);
  if (run.manifest() === undefined) throw new UsageError(`Cannot compare as ${path} must be the folder of a run: it has no run.json`);
  return run;
}

/** What the seed decides must be equal, sample by sample. */
function factLines(before: RunFolder, after: RunFolder): string[] {
  const known = factsIn(before);
  const both = [...factsIn(after)].filter(([sample]) => known.has(sample));
  const different = both.filter(([sample, facts]) => known.get(sample) !== facts).map(([sample]) => `  ${sample}`);
  const seeds = [before, after].map((run) => run.manifest()?.seed);
  return [
    `Facts of ${both.length} samples of both runs: ${both.length - different.length} equal byte for byte${seeds[0] === seeds[1] ? "" : ", of different seeds"}.`,
    ...different,
  ];
}

function factsIn(run: RunFolder): Map<string, string> {
  const experiments = run.manifest()?.experiments ?? [];
  return new Map(
    experiments.flatMap((state) =>
      run
        .samples(`${folderOf(state)}/samples.jsonl`)
        .flatMap(({ variant, round, facts }) =>
          facts === undefined ? [] : [[`${folderOf(state)}: ${variant}, round ${round + 1}`, JSON.stringify(facts)] as const],
        ),
    ),
  );
}
