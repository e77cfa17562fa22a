import { digestOf } from "../authoring/wfformat/task-hash.js";
import { criticalPathMs } from "../authoring/wfformat/trace-totals.js";
import type { Engine } from "../engine/engine.js";
import type { Run, RunSummary } from "../engine/run.js";
import { failureJson } from "./failure-json.js";
import { type Json, jsonValue } from "./json-value.js";
import { type Latencies, latencyJson } from "./latency-table.js";
import { printableLine } from "./printable.js";
import { readable } from "./readable.js";
import type { Replay } from "./workflow-file.js";

/** How a run ended. */
export type Outcome =
  | { readonly status: "completed"; readonly output: unknown }
  /** Unfinished: it is left to be resumed, and the error says no more than that it was given up here. */
  | { readonly status: "failed" | "cancelled" | "unfinished"; readonly error: unknown };

export interface EndedRun {
  readonly outcome: Outcome;
  readonly summary: RunSummary;
  /** Of the workflow as it is written; see GraphSize. */
  readonly edges: number;
  readonly latencies: Latencies | undefined;
  /** What schedulers have learnt; undefined unless that was asked for. */
  readonly learned: Awaited<ReturnType<Engine["learned"]>> | undefined;
  /** What was executed, as WfFormat; undefined unless that was asked for, and of a run that did not complete. */
  readonly exported?: string | undefined;
  /** Where it was a recorded execution. */
  readonly replay?: Replay | undefined;
}

export async function outcomeOf(run: Run<unknown>): Promise<Outcome> {
  try {
    return { status: "completed", output: await run.result() };
  } catch (error) {
    return { status: (await run.status()) === "cancelled" ? "cancelled" : "failed", error };
  }
}

/** The one object that `--json` prints for a run. Times in ms, but those of latencies in µs. */
export function runJson({ outcome, summary, edges, latencies, learned, replay }: EndedRun, withLatencies: boolean): Json {
  const { runId, workflow, tasks, tasksByWorker, makespanMs, workMs, waitMs } = summary;
  const ended = outcome.status === "completed" ? outputJson(outcome.output, replay) : { error: failureJson(outcome.error) };
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
    ...(replay === undefined ? {} : { criticalPathMs: criticalPathMs(replay.trace, replay.timeScale) }),
    ...(latencies === undefined || !withLatencies ? {} : { latency: latencyJson(latencies) }),
    ...(learned === undefined ? {} : { learned: jsonValue(learned) }),
  };
}

/** What a replay gives are hashes, of which the digest is all that anybody wants to know. */
function outputJson(output: unknown, replay: Replay | undefined): Record<string, Json> {
  return replay === undefined ? { output: jsonValue(output) } : { digest: digestOf(output as string[]) }; // its workflow gives those of the leaves
}

/** The result for people. */
export function outputText(output: unknown, replay: Replay | undefined): string {
  return replay === undefined ? readable(output) : digestOf(output as string[]); // as above
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
