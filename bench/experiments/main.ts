/**
 * `npm run experiments`, and `npm start` in its quick profile: measures the experiments of four categories. Tables on stdout, progress on
 * stderr, everything measured under results/.
 */
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { captureEnvironment, type Environment } from "../harness/environment.js";
import { ExperimentMetrics } from "../report/metrics/experiment-metrics.js";
import { MetricsServer } from "../report/metrics/metrics-server.js";
import { type Arguments, chosenOf, HELP, readArguments, UsageError } from "./arguments.js";
import { assessAll } from "./claims/claims.js";
import { argumentsOf, commandOf } from "./command.js";
import { comparisonText } from "./comparison-text.js";
import { ConfigError } from "./config.js";
import type { AnyExperiment } from "./experiment.js";
import { type Job, jobOf } from "./job.js";
import { keepReports } from "./keep-reports.js";
import type { PlannedExperiment } from "./plan.js";
import { findExperiments } from "./registry.js";
import { type RunResult, runPlan } from "./run.js";
import { FolderError, folderOf, type RunManifest } from "./run-folder.js";
import type { RunListener } from "./run-options.js";
import { RunProgress } from "./run-progress.js";
import { terminalReport } from "./terminal-report.js";

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const exitCodes = { measured: 0, broken: 1, badInput: 2, interrupted: 130 } as const;
type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const wanted = readArguments(args, packageRoot);
    if (wanted.compared !== undefined) {
      process.stdout.write(comparisonText(...wanted.compared));
      return exitCodes.measured;
    }
    const experiments = await findExperiments();
    if (!wanted.isHelp && !wanted.isList) return await measure(wanted, experiments);
    process.stdout.write(wanted.isHelp ? HELP : listOf(chosenOf(experiments, wanted)));
    return exitCodes.measured;
  } catch (error) {
    return explain(error);
  }
}

function listOf(experiments: readonly AnyExperiment[]): string {
  return experiments.map((one) => `${folderOf(one)}: ${one.question}\n`).join("");
}

async function measure(wanted: Arguments, experiments: readonly AnyExperiment[]): Promise<ExitCode> {
  const environment = captureEnvironment(packageRoot);
  const job = jobOf({ wanted, experiments, environment, packageRoot });
  try {
    return await measureJob(job, environment);
  } finally {
    job.owner.release();
  }
}

async function measureJob(job: Job, environment: Environment): Promise<ExitCode> {
  if (job.context.sharedData === undefined)
    process.stderr.write("SKIPPED what is measured on recorded workloads: their folder is missing\n");
  const startMs = performance.now();
  const manifest = (result: RunResult, reason: string | undefined) =>
    manifestOf(job, { environment, elapsedMs: performance.now() - startMs, result, reason });
  job.folder.writeJson("run.json", manifest({ states: notStarted(job.plan), outcomes: [] }, "it is not over"));

  const interrupted = interruption();
  const result = await runWithProgress(job, environment, interrupted);
  const whole = manifest(result, interrupted.aborted ? "interrupted" : undefined);
  job.folder.writeJson("run.json", whole);
  const claims = assessAll(result.outcomes.map(({ summary }) => summary));
  const report = { environment, manifest: whole, outcomes: result.outcomes, claims };
  keepReports(job.folder, report);
  process.stdout.write(terminalReport(report, job.folder.path, process.stdout.columns));
  if (interrupted.aborted) return exitCodes.interrupted;
  return result.states.some(({ status }) => status === "failed") ? exitCodes.broken : exitCodes.measured;
}

/** Aborts at the first Ctrl-C, so that what was measured is kept; the second one ends the program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(exitCodes.interrupted);
      process.stderr.write("\nInterrupted: keeping what was measured\n");
      controller.abort(new Error("interrupted"));
    });
  }
  return controller.signal;
}

async function runWithProgress(job: Job, environment: Environment, signal: AbortSignal): Promise<RunResult> {
  const metrics = new ExperimentMetrics();
  const left = new Map(job.plan.map((planned) => [planned, stepsLeft(planned, job)]));
  for (const [{ experiment }, units] of left) metrics.planned({ ...placeOf(experiment), units });
  const server = await MetricsServer.start({ registry: metrics.registry, port: job.config.metricsPort });
  const progress = new RunProgress(left);
  if (server !== undefined) progress.say(`Progress as metrics, read-only: ${server.url}`);
  try {
    return await runPlan({ ...job, environment, signal, listener: listenerOf(progress, metrics) });
  } finally {
    progress.end();
    await server?.close();
  }
}

/** A run that is continued has some samples already. */
function stepsLeft({ experiment, steps }: PlannedExperiment, { folder }: Job): number {
  return steps.length - folder.samples(`${folderOf(experiment)}/samples.jsonl`).length;
}

function listenerOf(progress: RunProgress, metrics: ExperimentMetrics): RunListener {
  return {
    measuring: (planned, variant) => progress.measuring(planned, variant),
    measured(planned, sample, elapsedMs) {
      progress.measured(planned, elapsedMs);
      metrics.measured(sample, { ...placeOf(planned.experiment), elapsedMs });
    },
    roundEnded: (planned, round) => progress.roundEnded(planned, round),
    failed: ({ experiment }) => metrics.failed(placeOf(experiment)),
    ended: ({ experiment }, state, { summary }) => progress.say(`${folderOf(experiment)}: ${state.message ?? summary.headline}`),
  };
}

function placeOf({ category, name }: AnyExperiment) {
  return { category, experiment: name };
}

function notStarted(plan: readonly PlannedExperiment[]): RunResult["states"] {
  return plan.map(({ experiment: { category, name }, rounds, steps }) => ({
    category,
    name,
    status: "not started",
    rounds,
    units: steps.length,
  }));
}

interface Standing {
  readonly environment: Environment;
  readonly elapsedMs: number;
  readonly result: RunResult;
  /** Why something is missing, if something is. */
  readonly reason: string | undefined;
}

function manifestOf({ context: { profile }, seed, asked }: Job, { environment, elapsedMs, result, reason }: Standing): RunManifest {
  const { time, commit } = environment;
  const repeated = { command: commandOf(asked), arguments: argumentsOf(asked) };
  const isPartial = reason !== undefined;
  return { time, commit, profile, seed, ...repeated, elapsedMs, isPartial, ...(isPartial && { reason }), experiments: result.states };
}

/** Says what went wrong; the user's mistakes without a stack. */
function explain(error: unknown): ExitCode {
  const isUsage =
    error instanceof UsageError || (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
  const isBadInput = isUsage || error instanceof ConfigError || error instanceof FolderError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${isUsage ? `\n${HELP}` : ""}`);
  return isBadInput ? exitCodes.badInput : exitCodes.broken;
}
