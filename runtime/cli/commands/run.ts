import { writeFileSync } from "node:fs";
import { openGraph } from "../../authoring/topology.js";
import type { Workflow } from "../../authoring/workflow.js";
import type { Engine } from "../../engine/engine.js";
import type { Run } from "../../engine/run.js";
import { errorLines } from "../error-lines.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.js";
import { type GraphSize, sizeOf } from "../graph-size.js";
import type { Interruption } from "../interruption.js";
import { jsonLine } from "../json-value.js";
import { type Latencies, latencyKinds, latencyTable } from "../latency-table.js";
import { Progress } from "../progress.js";
import { readable } from "../readable.js";
import { type RunFlags, type RunOptions, runOptionsOf } from "../run-flags.js";
import { readInput } from "../run-input.js";
import { type EndedRun, type Outcome, runJson, summaryLines } from "../run-report.js";
import type { Terminal } from "../terminal.js";
import { type AnyWorkflow, compileWorkflow, loadFile, selectWorkflow } from "../workflow-file.js";

interface Job {
  readonly workflow: AnyWorkflow;
  readonly size: GraphSize;
  readonly input: unknown;
  readonly options: RunOptions["submit"];
  readonly wantsLatencies: boolean;
}

/** `dataflower run`: one run of one workflow, on an engine of its own. */
export async function run(file: string, flags: RunFlags, terminal: Terminal, interruption: Interruption): Promise<ExitCode> {
  const options = runOptionsOf(flags);
  const input = await readInput(flags.input);
  const workflow = selectWorkflow(await loadFile(file), flags.workflow);
  const size = sizeOf(openGraph(compileWorkflow(workflow).topology));
  const wantsLatencies = flags.latency === true || flags.hgrm !== undefined;
  const job = { workflow, size, input, options: options.submit, wantsLatencies };
  // What drives threads and histograms is loaded here, when all that needs neither is known to be right.
  const { DataFlower } = await import("../../engine/dataflower.js");
  const engine = await DataFlower.start({ ...options.engine, workflows: [workflow] });
  try {
    const ended = await execute(job, engine, terminal, interruption);
    const isSaved = report(ended, flags, terminal);
    if (interruption.isRaised) return exitCodes.interrupted;
    if (ended.outcome.status !== "completed") return exitCodeOf(ended.outcome.error);
    return isSaved ? exitCodes.completed : exitCodes.refused;
  } finally {
    await engine.close({ grace: 0 });
    interruption.settle();
  }
}

async function execute(
  { workflow, size, input, options, wantsLatencies }: Job,
  engine: Engine,
  terminal: Terminal,
  interruption: Interruption,
): Promise<EndedRun> {
  const run = await engine.submit(workflow as Workflow<unknown, unknown>, input, options); // its schema checks the input
  interruption.listen((signal) => {
    terminal.say("dataflower: interrupted; the run is being cancelled; again to end at once");
    void run.cancel(`it was interrupted by ${signal}`);
  });
  const progress = new Progress({
    terminal,
    workflow: workflow.name,
    tasksExpected: size.tasksOfRun,
    countTasks: async () => (await engine.latency("service")).count,
  });
  const outcome = await outcomeOf(run);
  progress.stop();
  const latencies = wantsLatencies && !interruption.isRaised ? await latenciesOf(engine, terminal) : undefined;
  return { outcome, summary: await run.summary(), edges: size.edges, latencies };
}

async function outcomeOf(run: Run<unknown>): Promise<Outcome> {
  try {
    return { status: "completed", output: await run.result() };
  } catch (error) {
    return { status: (await run.status()) === "cancelled" ? "cancelled" : "failed", error };
  }
}

/** A worker that was lost took its counts along: there is a result, or an error, all the same. */
async function latenciesOf(engine: Engine, terminal: Terminal): Promise<Latencies | undefined> {
  try {
    const byKind = await Promise.all(latencyKinds.map(async (kind) => [kind, await engine.latency(kind)] as const));
    return Object.fromEntries(byKind) as unknown as Latencies; // one of each kind
  } catch (error) {
    terminal.say(errorLines(error));
    return undefined;
  }
}

/** @returns false if what should be written to a file could not be */
function report(ended: EndedRun, flags: RunFlags, terminal: Terminal): boolean {
  const { outcome, latencies } = ended;
  if (flags.json) terminal.print(jsonLine(runJson(ended, flags.latency === true)));
  else if (outcome.status === "completed") terminal.print(`${readable(outcome.output)}\n`);
  if (outcome.status !== "completed") terminal.say(errorLines(outcome.error));
  if (!flags.json) terminal.say(summaryLines(ended));
  if (latencies !== undefined && flags.latency && !flags.json) terminal.say(latencyTable(latencies));
  return flags.hgrm === undefined || saved(flags.hgrm, latencies, terminal);
}

/** The result is out by now, and stays the result whatever becomes of the file. */
function saved(file: string, latencies: Latencies | undefined, terminal: Terminal): boolean {
  if (latencies === undefined) return false;
  try {
    writeFileSync(file, latencies.service.percentiles());
    return true;
  } catch (error) {
    terminal.say(
      `dataflower: DF_OPTION_INVALID: Cannot write the file of --hgrm as it must be writable: found ${(error as Error).message}`,
    );
    return false;
  }
}
