import { Command, CommanderError } from "commander";
import { DataFlowerError } from "../../actors/kernel/errors.js";
import { policyNames } from "../../schedulers/index.js";
import type { GraphFlags } from "./commands/graph.js";
import type { ResumeFlags } from "./commands/resume.js";
import type { ListFlags, RunsFlags } from "./commands/runs.js";
import { defaultStore } from "./default-store.js";
import { type ExitCode, exitCodes } from "./exit-code.js";
import type { Interruption } from "./interruption.js";
import type { RunFlags } from "./run-flags.js";
import type { SimulateFlags } from "./simulate-flags.js";
import type { Terminal } from "./terminal.js";
import { versionOfPackage } from "./version.js";

const runExamples = `
Input and output:
  The result is printed for people, or with --json as one JSON object: runId,
  workflow, status (completed, failed, cancelled or unfinished), output or error, tasks,
  edges, tasksByWorker, makespanMs, workMs, waitMs. Values that JSON lacks are
  objects: {"$type":"Date","value":"…"}. A replayed trace has no output but a
  digest of the hashes that its tasks have passed on, and criticalPathMs.
  Progress, a summary, and what modules and tasks print go to standard error.

Signals:
  The first SIGINT (Ctrl-C) or SIGTERM cancels the run: tasks that wait are not
  started, tasks under way are told by their signal. With a store that outlives
  the process nothing is cancelled: the run is left for dataflower resume. A
  second one ends at once.

Exit codes:
  0 completed   1 the run failed   2 bad usage or input   130 interrupted

Examples:
  $ dataflower run thumbnails.ts --input '{"url":"https://example.org/a.png"}'
  $ dataflower run report.js --workflow monthly --input @january.json --workers 4
  $ produce | dataflower run report.js --input - --json | jq .output
  $ dataflower run report.js --latency --hgrm service.hgrm
  $ dataflower run flow.yaml --scheduler critical-path --export trace.json
  $ dataflower run trace.json --body spin --time-scale 0.001 --json
  $ dataflower run report.js --run-id june --store lmdb:.dataflower
`;

const resumeExamples = `
Output:
  A line for each run as it ends, or with --json one JSON object a line: runId,
  workflow, status, output or error.

Signals:
  SIGINT (Ctrl-C) or SIGTERM leaves what is unfinished to be resumed again.

Exit codes:
  0 all completed, or none was unfinished   130 interrupted   else that of the
  first run that did not complete: 1 it failed, 2 it cannot be gone on with

Examples:
  $ dataflower resume report.js
  $ dataflower resume report.js june july --store redis://127.0.0.1:6379
`;

const runsExamples = `
Runs are changed while no engine owns the journal, and a folder of LMDB is read
then, too. retry makes a run that failed or was cancelled unfinished again, from
its beginning; resume goes on with it.

Examples:
  $ dataflower runs list --status unfinished
  $ dataflower runs show june --json
  $ dataflower runs retry june && dataflower resume report.js june
`;

const lintExamples = `
Examples:
  $ dataflower lint thumbnails.ts
  $ dataflower lint workflows/index.js && git commit
`;

const graphExamples = `
Examples:
  $ dataflower graph thumbnails.ts > thumbnails.mmd
  $ dataflower graph report.js --workflow monthly --format dot | dot -Tsvg > monthly.svg
`;

const simulateExamples = `
Workload:
  FILE is WfFormat (.json), any number of them taking turns, or one bag of tasks
  (.csv): a header with submit_time and duration, and maybe cpu, memory, deadline
  (from the submission) and priority; times in seconds.
  --arrivals takes a .csv with a column TIMESTAMP or submit_time, or poisson:RATE
  (runs a second). --load X multiplies all times of submission by one number, so
  that work / (cores x time from the first submission to the last) = X.

Machines:
  A number N stands for N machines of one core, each of which takes one task. Or
  a YAML list of { count, cores, memory, pricePerHour, coldStart, keepAlive,
  failureRate }, on which tasks take what they reserve.

Costs:
  { "dispatchUs": 2, "hopUs": { "p50": 20, "p90": 35, "p99": 87, "max": 900 },
  "commitUs": 50 }: of each attempt, between two threads, and at the end of a run.

Output:
  A table, or with --json one JSON object: scheduler, dispatch, machines, cores,
  seed, runs, failedRuns, tasks, makespanMs, waitMs, slowdown, deadlineMisses,
  costUsd, utilisation, with --decisions also decisions. The same seed gives the
  same bytes.

Examples:
  $ dataflower simulate montage.json --machines 16 --scheduler critical-path
  $ dataflower simulate tasks.csv --machines machines.yaml --scheduler sjf --load 0.9 --json
  $ dataflower simulate a.json b.json --machines 8 --arrivals poisson:0.2 --runs 1000
  $ dataflower simulate a.json --machines 8 --scheduler ./policies.js#mine
`;

const examples = `
Examples:
  $ dataflower run thumbnails.ts --input @input.json
  $ dataflower lint thumbnails.ts
  $ dataflower graph thumbnails.ts --format mermaid
  $ dataflower simulate montage.json --machines 16

FILE of run, lint and graph is a module that exports what workflow() returned:
.js, .mjs, .cjs; or .ts, .mts, .cts where Node strips types or tsx is installed.
Or it describes a workflow: .yaml, .yml; or is a recorded execution to be
replayed: WfFormat .json.
`;

/**
 * Reads the command line and executes one command. Commands are loaded when they are called for: help needs nothing of them.
 *
 * @param given the command line without the program's own name
 * @throws DF_OPTION_INVALID if it cannot be read, and what the command throws
 */
export async function executeCommand(given: readonly string[], terminal: Terminal, interruption: Interruption): Promise<ExitCode> {
  let code: ExitCode = exitCodes.completed;
  const program = describe(terminal);
  storing(command(program, "run", "run a workflow on worker threads and print its result", runExamples), "memory:")
    .option("--workflow <name>", "the workflow to run, where FILE exports several")
    .option("--input <json>", "input of the run: JSON, @file, or - for standard input")
    .option("--run-id <id>", "id of the run (default: a new one)")
    .option("--timeout <duration>", "longest time of the run, such as 500ms, 30s, 5m; a number is ms (default: none)")
    .option("--workers <count>", "worker threads; 0 runs everything on the calling thread (default: the machine's cores)")
    .option("--concurrency <count>", "attempts per worker that may wait for promises at a time (default: 64)")
    .option("--scheduler <name>", `the order in which tasks start: ${policyNames.join(", ")}, or MODULE#NAME of your own (default: fifo)`)
    .option("--body <kind>", "what tasks of a replayed trace do: none, timer or spin (default: none)")
    .option("--time-scale <factor>", "run times of a replayed trace are multiplied by it (default: 1)")
    .option("--export <file>", "write what was executed as WfFormat 1.5")
    .option("--explain", "tell what schedulers have learnt, switched or found too late")
    .option("--latency", "print percentiles of queueing, service, hops and the whole run")
    .option("--hgrm <file>", "write the percentiles of service times in the format of HdrHistogram, in µs")
    .option("--json", "print one JSON object on standard output")
    .action(async (file: string, flags: RunFlags) => {
      code = await (await import("./commands/run.js")).run(file, flags, terminal, interruption);
    });
  storing(command(program, "resume", "go on with unfinished runs of an earlier process", resumeExamples), defaultStore)
    .argument("[ID...]", "runs (default: all unfinished ones of the workflows in FILE)")
    .option("--workers <count>", "worker threads (default: the machine's cores)")
    .option("--concurrency <count>", "attempts per worker that may wait for promises at a time (default: 64)")
    .option("--json", "print one JSON object a run on standard output")
    .action(async (file: string, ids: string[], flags: ResumeFlags) => {
      code = await (await import("./commands/resume.js")).resume(file, ids, flags, terminal, interruption);
    });
  const runs = program.command("runs").description("look at runs of a store, or change them").addHelpText("after", runsExamples);
  storing(runs.command("list").description("list runs"), defaultStore)
    .option("--status <name>", "only those: unfinished, completed, failed or cancelled")
    .option("--json", "print one JSON object a run on standard output")
    .action(async (flags: ListFlags) => {
      code = await (await import("./commands/runs.js")).list(flags, terminal);
    });
  storing(runs.command("show").description("show what the store knows of a run").argument("<ID>", "the run"), defaultStore)
    .option("--json", "print one JSON object on standard output")
    .action(async (id: string, flags: RunsFlags) => {
      code = await (await import("./commands/runs.js")).show(id, flags, terminal);
    });
  for (const [what, description] of [
    ["cancel", "end runs that have not ended"],
    ["retry", "make runs that failed or were cancelled unfinished again"],
    ["delete", "forget runs that have ended"],
  ] as const) {
    storing(runs.command(what).description(description).argument("<ID...>", "the runs"), defaultStore).action(
      async (ids: string[], flags: RunsFlags) => {
        code = await (await import("./commands/runs.js")).change(what, ids, flags, terminal);
      },
    );
  }
  command(program, "lint", "check every workflow of a module without running anything", lintExamples).action(async (file: string) => {
    code = await (await import("./commands/lint.js")).lint(file, terminal);
  });
  command(program, "graph", "print a workflow's graph as a diagram", graphExamples)
    .option("--workflow <name>", "the workflow to draw, where FILE exports several")
    .option("--format <name>", "mermaid or dot", "mermaid")
    .action(async (file: string, flags: GraphFlags) => {
      code = await (await import("./commands/graph.js")).graph(file, flags, terminal);
    });
  program
    .command("simulate")
    .description("execute recorded workflows on virtual machines, by the actors of the engine")
    .argument("<FILE...>", "WfFormat files, or one bag of tasks")
    .addHelpText("after", simulateExamples)
    .requiredOption("--machines <count|file>", "machines of one core, or a YAML file that lists machines")
    .option("--scheduler <name>", "a name, or MODULE#NAME: the order in which ready tasks start", "fifo")
    .option("--seed <number>", "all that is left to chance follows from it", "1")
    .option("--arrivals <file|poisson:rate>", "when runs are submitted (default: when a bag says; workflows at once)")
    .option("--load <ratio>", "work offered, as a share of what the machines can do (default: as it comes)")
    .option("--runs <count>", "how many runs (default: all tasks of a bag, all arrivals, or one of each FILE)")
    .option("--dispatch <name>", "ideal: one ready set for all; workers: one engine whose workers are the cores", "ideal")
    .option("--costs <file>", "what the engine adds to tasks, measured: a JSON file; with --dispatch workers (default: nothing)")
    .option("--estimates <kind>", "what policies are told of run times: exact, or none", "exact")
    .option("--explain", "tell what the scheduler has learnt, switched or found too late")
    .option("--decisions", "list every start of an attempt; needs --json")
    .option("--json", "print one JSON object on standard output")
    .action(async (files: string[], flags: SimulateFlags) => {
      code = await (await import("./commands/simulate.js")).simulate(files, flags, terminal, interruption);
    });
  return (await parsed(program, given)) ?? code;
}

function describe(terminal: Terminal): Command {
  return new Command("dataflower")
    .description("Runs workflows: typed graphs of tasks, on worker threads, through shared memory.")
    .version(versionOfPackage())
    .addHelpText("after", examples)
    .configureOutput({
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.say(text.trimEnd()),
      outputError: () => {}, // told in the program's own form
    })
    .exitOverride();
}

function command(program: Command, name: string, description: string, help: string): Command {
  return program
    .command(name)
    .description(description)
    .argument("<FILE>", "a module of workflows, a YAML file or a WfFormat trace")
    .addHelpText("after", help);
}

function storing(command: Command, store: string): Command {
  return command
    .option(
      "--store <url>",
      "where runs are recorded: memory:, lmdb:FOLDER, redis://HOST:PORT (also rediss, redis+sentinel, redis+cluster)",
      store,
    )
    .option("--durability <level>", "what a result survives: memory, process, disk, replicated (default: disk, or memory)")
    .option("--commit <when>", "strict: tasks start when what they need is durable; pipelined: at once (default: strict)")
    .option("--journal <name>", "journal in the store (default: main)");
}

/** @returns the exit code where commander itself did what was asked */
async function parsed(program: Command, given: readonly string[]): Promise<ExitCode | undefined> {
  try {
    await program.parseAsync(given, { from: "user" });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.completed; // help or version
    if (error.code === "commander.help") return exitCodes.refused; // no command was given: help is on standard error
    const found = error.message.replace(/^error: /, "").replace(/\n/g, " ");
    throw new DataFlowerError("DF_OPTION_INVALID", `Cannot use this command line as it must be one that --help describes: found ${found}`);
  }
}
