import { median } from "../harness/statistics.js";
import { ratioWithInterval } from "../report/quantities.js";
import { table } from "../report/table.js";
import { UsageError } from "./arguments.js";
import { compareSummaries, type MetricComparison } from "./compare-runs.js";
import { summariesOf } from "./keep-reports.js";
import { RunFolder } from "./run-folder.js";
import type { Summary } from "./summary.js";

/** How the metrics of two runs differ: how many do not, and those that do. Throws UsageError for a folder that is no run. */
export function comparisonText(first: string, second: string): string {
  const { measured, same, incomparable } = compareSummaries(summariesIn(first), summariesIn(second));
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

function summariesIn(path: string): Summary[] {
  const run = RunFolder.at(path);
  if (run.manifest() === undefined) throw new UsageError(`Cannot compare as ${path} must be the folder of a run: it has no run.json`);
  return summariesOf(run);
}
