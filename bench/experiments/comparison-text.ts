import { ratioWithInterval } from "../report/quantities.js";
import { table } from "../report/table.js";
import { UsageError } from "./arguments.js";
import { compareSummaries } from "./compare-runs.js";
import { summariesOf } from "./keep-reports.js";
import { RunFolder } from "./run-folder.js";
import type { Summary } from "./summary.js";

const SEED = 1;

/** How the metrics of two runs differ: how many do not, and those that do. Throws UsageError for a folder that is no run. */
export function comparisonText(first: string, second: string): string {
  const found = compareSummaries(summariesIn(first), summariesIn(second), SEED);
  const different = found.filter(({ isDifferent }) => isDifferent);
  const share = found.length === 0 ? "-" : `${(100 * (1 - different.length / found.length)).toFixed(1)} %`;
  const titles = ["experiment", "variant", "metric", "B ÷ A [95 %]"].map((title) => ({ title, align: "left" as const }));
  const rows = different.map(({ experiment, variant, metric, ratio }) => [experiment, variant, metric, ratioWithInterval(ratio)]);
  return [
    `${found.length} metrics of both runs; of ${share} the ratio B ÷ A has 1 in its 95 % interval`,
    ...(rows.length === 0 ? [] : ["", "The others:", "", table(titles, rows)]),
    "",
  ].join("\n");
}

function summariesIn(path: string): Summary[] {
  const run = RunFolder.at(path);
  if (run.manifest() === undefined) throw new UsageError(`Cannot compare as ${path} must be the folder of a run: it has no run.json`);
  return summariesOf(run);
}
