import { writeFileSync } from "node:fs";
import { openGraph } from "../../authoring/topology.js";
import type { Workflow } from "../../authoring/workflow.js";
import type { Engine } from "../../engine/engine.js";
import { resolveEngineOptions } from "../../engine/options.js";
import type { Run } from "../../engine/run.js";
import { today } from "../../observe/system-clock.js";
import { errorLines } from "../error-lines.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.js";
import { type GraphSize, sizeOf } from "../graph-size.js";
import type { Interruption } from "../interruption.js";
import { jsonLine } from "../json-value.js";
import { type Latencies, latencyKinds, latencyTable } from "../latency-table.js";
import { learnedText, nothingLearned } from "../learned-text.js";
import { Progress } from "../progress.js";
import { type RunFlags, type RunOptions, runOptionsOf } from "../run-flags.js";
import { readInput } from "../run-input.js";
import { type EndedRun, type Outcome, outcomeOf, outputText, runJson, summaryLines } from "../run-report.js";
import { resumeHint } from "../store-flags.js";
import type { Terminal } from "../terminal.js";
import { versionOfPackage } from "../version.js";
import { type AnyWorkflow, compileWorkflow, openFile, selectWorkflow } from "../workflow-file.js";

interface Job {
  readonly workflow: AnyWorkflow;
  readonly size: GraphSize;
  readonly input: unknown;
  readonly options: RunOptions["submit"];
  readonly wantsLatencies: boolean;
  readonly wantsLearned: boolean;
  readonly wantsExport: boolean;
  /** How to go on with the run when it was interrupted; undefined: it ends with the process. */
  readonly resumeHint: string | undefined;
}

/** `dataflower run`: one run of one workflow, on an engine of its own. */
export async function run(file: string, flags: RunFlags, terminal: Terminal, interruption: Interruption): Promise<ExitCode> {
  const options = await runOptionsOf(flags);
  const input = await readInput(flags.input);
  const opened = await openFile(file, options.read);
  const workflow = selectWorkflow(opened, flags.workflow);
  const size = sizeOf(openGraph(compileWorkflow(workflow).topology));
  const wantsLatencies = flags.latency === true || flags.hgrm !== undefined;
  const job: Job = {
    ...{ workflow, size, input, options: options.submit },
    ...{ wantsLatencies, wantsLearned: flags.explain === true, wantsExport: flags.export !== undefined },
    resumeHint: resolveEngineOptions(options.engine).store === undefined ? undefined : resumeHint(file, flags),
  };
  // What drives threads and histograms is loaded here, when all that needs neither is known to be right.
  const { DataFlower } = await import("../../engine/dataflower.js");
  const engine = await DataFlower.start({ ...options.engine, workflows: [workflow] });
  try {
    const ended = await execute(job, engine, terminal, interruption);
    const isSaved = report({ ...ended, replay: opened.replay }, flags, terminal);
    if (interruption.isRaised) return exitCodes.interrupted;
    if (ended.outcome.status !== "completed") return exitCodeOf(ended.outcome.error);
    return isSaved ? exitCodes.completed : exitCodes.refused;
  } finally {
    await engine.close({ grace: 0 });
    interruption.settle();
  }
}

async function execute(
  { workflow, size, input, options, wantsLatencies, wantsLearned, wantsExport, resumeHint }: Job,
  engine: Engine,
  terminal: Terminal,
  interruption: Interruption,
): Promise<EndedRun> {
  const submittedAt = today();
  const run = await engine.submit(workflow as Workflow<unknown, unknown>, input, options); // its schema checks the input
  interruption.listen((signal) => {
    if (resumeHint === undefined) {
      terminal.say("dataflower: interrupted; the run is being cancelled; again to end at once");
      void run.cancel(`it was interrupted by ${signal}`);
    } else {
      terminal.say(`dataflower: interrupted; the run is left to be resumed: ${resumeHint}`);
      void engine.close({ grace: 0 });
    }
  });
  const progress = new Progress({
    terminal,
    workflow: workflow.name,
    tasksExpected: size.tasksOfRun,
    countTasks: async () => (await engine.latency("service")).count,
  });
  const ended = await outcomeOf(run);
  const isLeft = resumeHint !== undefined && interruption.isRaised && ended.status === "cancelled";
  const outcome: Outcome = isLeft ? { ...ended, status: "unfinished" } : ended;
  progress.stop();
  const latencies = wantsLatencies && !interruption.isRaised ? await latenciesOf(engine, terminal) : undefined;
  const exported = wantsExport && outcome.status === "completed" ? await exportOf(run, workflow, submittedAt, terminal) : undefined;
  const learned = wantsLearned && !interruption.isRaised ? await learnedOf(engine, terminal) : undefined;
  return { outcome, summary: await run.summary(), edges: size.edges, latencies, learned, exported };
}

/** As latencies: there is a result, or an error, all the same. */
async function learnedOf(engine: Engine, terminal: Terminal): Promise<EndedRun["learned"]> {
  try {
    return await engine.learned();
  } catch (error) {
    terminal.say(errorLines(error));
    return undefined;
  }
}

/** A run whose records are lost, too many or none has a result all the same. */
async function exportOf(run: Run<unknown>, workflow: AnyWorkflow, submittedAt: Date, terminal: Terminal): Promise<string | undefined> {
  const { exportRun } = await import("../../engine/export-run.js");
  const facts = { version: versionOfPackage(), submittedAt, createdAt: today() };
  try {
    return `${JSON.stringify(await exportRun(run, openGraph(compileWorkflow(workflow).topology), facts))}\n`;
  } catch (error) {
    terminal.say(errorLines(error));
    return undefined;
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
  const { outcome, latencies, learned } = ended;
  if (flags.json) terminal.print(jsonLine(runJson(ended, flags.latency === true)));
  else if (outcome.status === "completed") terminal.print(`${outputText(outcome.output, ended.replay)}\n`);
  if (outcome.status === "failed" || outcome.status === "cancelled") terminal.say(errorLines(outcome.error));
  if (!flags.json) terminal.say(summaryLines(ended));
  if (latencies !== undefined && flags.latency && !flags.json) terminal.say(latencyTable(latencies));
  if (learned !== undefined && !flags.json) terminal.say(explanation(learned));
  const isSaved = flags.hgrm === undefined || saved("--hgrm", flags.hgrm, latencies?.service.percentiles(), terminal);
  if (flags.export === undefined || outcome.status !== "completed") return isSaved;
  return saved("--export", flags.export, ended.exported, terminal) && isSaved;
}

function explanation({ runs, tasks }: NonNullable<EndedRun["learned"]>): string {
  const lines = [...learnedText("of runs", runs), ...tasks.flatMap((learned, worker) => learnedText(`worker ${worker}`, learned))];
  return lines.join("\n") || nothingLearned;
}

/** The result is out by now, and stays the result whatever becomes of the file. */
function saved(option: string, file: string, text: string | undefined, terminal: Terminal): boolean {
  if (text === undefined) return false;
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    terminal.say(
      `dataflower: DF_OPTION_INVALID: Cannot write the file of ${option} as it must be writable: found ${(error as Error).message}`,
    );
    return false;
  }
}
