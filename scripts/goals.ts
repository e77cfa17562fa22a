/**
 * `npm run goals [-- AREA]`: measures the goals of one area, or of all, and prints one line a goal: verdict, figure, limit, name, command.
 * It measures and does not judge: a missed goal is no error. It fails only when something broke or an answer was wrong.
 */

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { areas } from "../bench/goals/areas.js";
import { cellsOf } from "../bench/goals/goal.js";
import type { GoalOptions } from "../bench/goals/measurement.js";
import { captureEnvironment } from "../bench/harness/environment.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { table } from "../bench/report/table.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const areaNames = Object.keys(areas);

const HELP = `Usage: npm run goals -- [AREA] [options]

Measures the goals of an area (${areaNames.join(", ")}; all without one).

  --rounds N  processes of each contender (default 10)
  --quick     short measurements, 2 rounds: shows that everything works, not what it can do
  --help      this text
`;

class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const { help, chosen, options } = readArguments(args);
    if (help) process.stdout.write(HELP);
    else for (const area of chosen) await measureArea(area, options);
    return 0;
  } catch (error) {
    const isUsage =
      error instanceof UsageError || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `\n${HELP}` : ""}`);
    return isUsage ? 2 : 1;
  }
}

function readArguments(args: string[]): { help: boolean; chosen: readonly string[]; options: GoalOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rounds: { type: "string" }, quick: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const rounds = values.rounds === undefined ? (values.quick ? 2 : 10) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new UsageError(`Cannot measure as --rounds must be a whole number of at least 1: ${values.rounds}`);
  for (const area of positionals) {
    if (!Object.hasOwn(areas, area)) throw new UsageError(`Cannot measure as the area must be one of ${areaNames.join(", ")}: ${area}`);
  }
  const options = { rounds, seed: 1, cores: availableParallelism(), packageRoot, isQuick: values.quick };
  return { help: values.help, chosen: positionals.length === 0 ? areaNames : positionals, options };
}

async function measureArea(area: string, options: GoalOptions): Promise<void> {
  const measure = areas[area];
  if (!measure) {
    process.stdout.write(`${area}: no goals yet\n`);
    return;
  }
  const environment = captureEnvironment(packageRoot);
  const { findings, samples, note } = await measure(options);
  const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "goals", environment });
  folder.save(area, { samples, summary: findings });
  const columns = ["verdict", "figure [95 %]", "limit", "goal", "command"].map((title) => ({ title, align: "left" as const }));
  process.stdout.write(`${area}: ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, rounds: ${options.rounds}\n\n`);
  process.stdout.write(`${table(columns, findings.map(cellsOf))}\n${note}\nAll samples: ${relative(process.cwd(), folder.path)}\n`);
}
