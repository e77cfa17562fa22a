/**
 * `npm run goals [-- AREA]`: measures the goals of one area, or of all, and prints one line a goal: verdict, figure, limit, name, command.
 * It measures and does not judge: a missed goal is no error. It fails only when something broke or an answer was wrong.
 */

import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { areas } from "../bench/goals/areas.js";
import { cellsOf } from "../bench/goals/goal.js";
import { captureEnvironment } from "../bench/harness/environment.js";
import type { MeasuringOptions } from "../bench/harness/measuring-options.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { table } from "../bench/report/table.js";
import { roundsOf, runProgram, UsageError } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const areaNames = Object.keys(areas);

const HELP = `Usage: npm run goals -- [AREA] [options]

Measures the goals of an area (${areaNames.join(", ")}; all without one).

  --rounds N  processes of each contender (default 10)
  --quick     short measurements, 2 rounds: shows that everything works, not what it can do
  --help      this text

DF_RESTATE names the folder into which Restate was installed, for the durable goals; without it they are measured beside BullMQ only.
`;

process.exitCode = await runProgram(HELP, async () => {
  const { help, chosen, options } = readArguments(process.argv.slice(2));
  if (help) process.stdout.write(HELP);
  else for (const area of chosen) await measureArea(area, options);
});

function readArguments(args: string[]): { help: boolean; chosen: readonly string[]; options: MeasuringOptions } {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { rounds: { type: "string" }, quick: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  for (const area of positionals) {
    if (!Object.hasOwn(areas, area)) throw new UsageError(`Cannot measure as the area must be one of ${areaNames.join(", ")}: ${area}`);
  }
  const restate = process.env.DF_RESTATE;
  const options = {
    rounds: roundsOf(values),
    seed: 1,
    cores: availableParallelism(),
    packageRoot,
    isQuick: values.quick,
    ...(restate && { restate: resolve(restate) }),
  };
  return { help: values.help, chosen: positionals.length === 0 ? areaNames : positionals, options };
}

async function measureArea(area: string, options: MeasuringOptions): Promise<void> {
  const measure = areas[area]!; // the name was checked
  const environment = captureEnvironment(packageRoot);
  const { findings, samples, note } = await measure(options);
  const folder = new ResultsFolder({ root: `${packageRoot}results`, category: "goals", environment });
  folder.save(area, { samples, summary: findings });
  const columns = ["verdict", "figure [95 %]", "limit", "goal", "command"].map((title) => ({ title, align: "left" as const }));
  process.stdout.write(`${area}: ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}, rounds: ${options.rounds}\n\n`);
  process.stdout.write(`${table(columns, findings.map(cellsOf))}\n${note}\nAll samples: ${relative(process.cwd(), folder.path)}\n`);
}
