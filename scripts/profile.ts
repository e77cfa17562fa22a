/** `npm run profile`: where the time of each thread goes while a workload runs; a table a thread on stdout, profiles for other tools in files. */

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Throughput } from "../bench/harness/closed-loop.js";
import { captureEnvironment } from "../bench/harness/environment.js";
import { measureInFreshProcess, type Unit } from "../bench/harness/fresh-process.js";
import { fullPace, quickPace } from "../bench/harness/pace.js";
import type { SelfTime } from "../bench/profile/cpu-profile.js";
import { type ProfiledThread, readProfiledThreads } from "../bench/profile/profiled-thread.js";
import { SourcePlaces } from "../bench/profile/source-places.js";
import { rate, threeDigits } from "../bench/report/quantities.js";
import { ResultsFolder } from "../bench/report/results-folder.js";
import { table } from "../bench/report/table.js";
import { graphOf } from "../bench/workloads/graphs.js";
import { runProgram, UsageError, wholeNumberOf } from "./measuring-program.js";

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const LOOK_EVERY_US = 200;
const IN_FLIGHT = 64;
const FUNCTIONS_SHOWN = 20;
const MEASURE_MS = 3000;

const HELP = `Usage: npm run profile -- [WORKLOAD] [options]

Has the engine work on a workload in a process of its own, looks every ${LOOK_EVERY_US} µs at what each thread executes, and prints for each the functions
that took most of its time by themselves. WORKLOAD is a shape and a size (default stencil-100). The files that it leaves open in
the profiler of a browser or an editor.

  --threads N       workers (default: cores)
  --handlers KIND   sync or async (default sync)
  --quick           for a moment only: shows that everything works
  --help            this text
`;

process.exitCode = await runProgram(HELP, async () => {
  const { values: flags, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      threads: { type: "string", default: String(availableParallelism()) },
      handlers: { type: "string", default: "sync" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return;
  }
  const workload = workloadOf(positionals);
  const threads = wholeNumberOf("--threads", flags.threads);
  await profile({ workload, threads, handlers: handlersOf(flags.handlers), isQuick: flags.quick });
});

interface Profiled {
  readonly workload: string;
  readonly threads: number;
  readonly handlers: "sync" | "async";
  readonly isQuick: boolean;
}

function workloadOf([name = "stencil-100", ...others]: readonly string[]): string {
  if (others.length > 0) throw new UsageError(`Cannot profile as one workload must be given: ${[name, ...others].join(" ")}`);
  try {
    return graphOf(name).name;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function handlersOf(flag: string): "sync" | "async" {
  if (flag === "sync" || flag === "async") return flag;
  throw new UsageError(`Cannot profile as --handlers must be sync or async: ${flag}`);
}

/** The warm-up is in the files and not in the tables: code that is being compiled says nothing of code that is. */
async function profile({ workload, threads, handlers, isQuick }: Profiled): Promise<void> {
  const pace = isQuick ? quickPace : { ...fullPace, measureMs: MEASURE_MS };
  const unit: Unit = {
    contender: "dataflower",
    workloads: [workload],
    parameters: { measure: "throughput", threads, handlers, inFlight: IN_FLIGHT, ...pace },
  };
  const environment = captureEnvironment(packageRoot);
  const { path } = new ResultsFolder({ root: `${packageRoot}results`, category: "profile", environment });
  const flags = ["--cpu-prof", `--cpu-prof-dir=${path}`, `--cpu-prof-interval=${LOOK_EVERY_US}`];
  const [sample] = await measureInFreshProcess({ ...unit, nodeFlags: flags }, { packageRoot });
  const { tasksPerSecond } = sample as Throughput; // as: what this measurement prints
  const places = new SourcePlaces(packageRoot);
  const text = [
    `${environment.cpu}, ${environment.cores} cores, Node ${environment.node}`,
    `${workload}, ${threads} workers, ${handlers} handlers: ${rate(tasksPerSecond)} tasks/s while looked at\n`,
    ...readProfiledThreads(path, pace.warmupMs).map((thread) => `${render(thread, places)}\n`),
    `Shares of the time of each thread after ${pace.warmupMs} ms. All profiles: ${relative(process.cwd(), path)}\n`,
  ];
  process.stdout.write(text.join("\n"));
}

function render({ name, selfTimes }: ProfiledThread, places: SourcePlaces): string {
  const columns = [
    { title: "self %", align: "right" as const },
    { title: "function", align: "left" as const },
    { title: "where", align: "left" as const },
  ];
  return `${name}\n\n${table(columns, selfTimes.slice(0, FUNCTIONS_SHOWN).map(rowOf))}`;

  function rowOf({ frame, share }: SelfTime): string[] {
    return [threeDigits(share * 100), frame.functionName || "(no name)", places.placeOf(frame)];
  }
}
