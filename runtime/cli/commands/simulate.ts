import { readWorkload } from "../../simulation/read-workload.js";
import { simulate as execute } from "../../simulation/simulate.js";
import { type ExitCode, exitCodes } from "../exit-code.js";
import type { Interruption } from "../interruption.js";
import { jsonLine, jsonValue } from "../json-value.js";
import { learnedText, nothingLearned } from "../learned-text.js";
import { type SimulateFlags, simulateOptionsOf } from "../simulate-flags.js";
import { simulationTable } from "../simulation-table.js";
import type { Terminal } from "../terminal.js";

/** `dataflower simulate`: runs of recorded workflows, or the tasks of a bag, on virtual machines. */
export async function simulate(
  files: readonly string[],
  flags: SimulateFlags,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  interruption.release(); // a simulation holds the thread from its start to its end, and there is nothing to clean up
  const options = await simulateOptionsOf(flags);
  const { machines, scheduler, seed, arrivals, load, dispatch, costs, estimates, decisions } = options;
  const runs = readWorkload({ files, arrivals, load, runs: options.runs, machines, seed, estimates });
  const { learned, ...result } = execute({ runs, machines, scheduler, seed, dispatch, decisions, ...(costs && { costs }) });
  terminal.print(flags.json ? jsonLine(jsonValue(flags.explain ? { ...result, learned } : result)) : simulationTable(result));
  if (flags.explain && !flags.json) terminal.print(`\n${learnedText("simulated", learned).join("\n") || nothingLearned}\n`);
  return exitCodes.completed;
}
