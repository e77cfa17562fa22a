import type { RunSummary } from "../engine/run.js";
import { failureJson } from "./failure-json.js";
import { type Json, jsonValue } from "./json-value.js";
import { type Latencies, latencyJson } from "./latency-table.js";
import { printableLine } from "./printable.js";

/** How a run ended. */
export type Outcome =
  | { readonly status: "completed"; readonly output: unknown }
  | { readonly status: "failed" | "cancelled"; readonly error: unknown };

export interface EndedRun {
  readonly outcome: Outcome;
  readonly summary: RunSummary;
  /** Of the workflow as it is written; see GraphSize. */
  readonly edges: number;
  readonly latencies: Latencies | undefined;
}

/** The one object that `--json` prints for a run. Times in ms, but those of latencies in µs. */
export function runJson({ outcome, summary, edges, latencies }: EndedRun, withLatencies: boolean): Json {
  const { runId, workflow, tasks, tasksByWorker, makespanMs, workMs, waitMs } = summary;
  const ended = outcome.status === "completed" ? { output: jsonValue(outcome.output) } : { error: failureJson(outcome.error) };
  return {
    runId,
    workflow,
    status: outcome.status,
    ...ended,
    tasks,
    edges,
    tasksByWorker,
    makespanMs,
    workMs,
    waitMs,
    ...(latencies === undefined || !withLatencies ? {} : { latency: latencyJson(latencies) }),
  };
}

/** The object that `--json` prints where there is no run: it was refused before it began. */
export const refusalJson = (error: unknown): Json => ({ runId: null, workflow: null, status: "failed", error: failureJson(error) });

/** For people. Of a run that was given up, because the program was interrupted or its time was up, little is known. */
export function summaryLines({ outcome, summary, edges }: EndedRun): string {
  const { runId, workflow, tasks, tasksByWorker, makespanMs, workMs, waitMs } = summary;
  const first = `run ${runId} of ${workflow} ${outcome.status}`;
  if (tasksByWorker.length === 0) return printableLine(first);
  const shares = tasksByWorker.length === 1 ? "" : ` (${tasksByWorker.map(grouped).join(" + ")} by worker)`;
  const size = `${counted(tasks, "task")}${shares}, ${counted(edges, "edge")}`;
  return `${printableLine(`${first}: ${size}`)}\nmakespan ${milliseconds(makespanMs)}, work ${milliseconds(workMs)}, wait ${milliseconds(waitMs)}`;
}

const grouped = (count: number): string => count.toLocaleString("en-US");

const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;

const milliseconds = (ms: number): string => (ms < 1_000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1_000).toPrecision(3)} s`);
