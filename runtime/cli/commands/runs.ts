import { requireId } from "../../authoring/ids.js";
import { requireOneOf } from "../../authoring/option-checks.js";
import { changeRuns, type DamagedRun, type RunChanges, type StoredRun, StoredRuns } from "../../engine/journal/stored-runs.js";
import { errorLines } from "../error-lines.js";
import { type ExitCode, exitCodes } from "../exit-code.js";
import { failureJson } from "../failure-json.js";
import { type Json, jsonLine, jsonValue } from "../json-value.js";
import { printableLine } from "../printable.js";
import { readable } from "../readable.js";
import { requireLastingStore, type StoreFlags } from "../store-flags.js";
import type { Terminal } from "../terminal.js";

export interface RunsFlags extends StoreFlags {
  readonly json?: true;
}

export interface ListFlags extends RunsFlags {
  readonly status?: string;
}

/** As people are told; in the store a run that has not ended is "accepted". */
const statuses = ["unfinished", "completed", "failed", "cancelled", "damaged"] as const;

/** `dataflower runs list`: a line each, in the order of their ids. */
export async function list(flags: ListFlags, terminal: Terminal): Promise<ExitCode> {
  const wanted = flags.status === undefined ? undefined : requireOneOf("--status", flags.status, statuses);
  const runs = await StoredRuns.open(requireLastingStore(flags));
  try {
    if (flags.json !== true) terminal.print(listLine("RUN", "WORKFLOW", "STATUS", "SUBMITTED", "ENDED"));
    for await (const run of runs) {
      const { workflow, status, submittedAt, endedAt } = listed(run);
      if (wanted !== undefined && status !== wanted) continue;
      if (flags.json) terminal.print(jsonLine(listed(run)));
      else terminal.print(listLine(run.id, workflow ?? "-", status, submittedAt ?? "-", endedAt ?? "-"));
    }
    return exitCodes.completed;
  } finally {
    await runs.close();
  }
}

/** `dataflower runs show`: what the store knows of one run. */
export async function show(id: string, flags: RunsFlags, terminal: Terminal): Promise<ExitCode> {
  const runs = await StoredRuns.open(requireLastingStore(flags));
  try {
    const run = listed(await runs.get(requireId("run", id)));
    const end = await runs.end(id);
    if (flags.json) {
      const { tasks = [], waitMs = null, makespanMs = null } = end ?? {};
      const ended =
        end === undefined ? {} : run.status === "completed" ? { output: jsonValue(end.output) } : { error: failureJson(end.error) };
      terminal.print(jsonLine({ ...run, ...ended, tasks: sum(tasks), waitMs, makespanMs }));
      return exitCodes.completed;
    }
    const { runId, workflow, status, submittedAt, endedAt } = run;
    terminal.print(`run        ${runId}\nworkflow   ${printableLine(workflow)}\nstatus     ${status}\nsubmitted  ${submittedAt}\n`);
    if (end === undefined) return exitCodes.completed;
    terminal.print(`ended      ${endedAt}\ntasks      ${sum(end.tasks)}\n`);
    terminal.print(status === "completed" ? `output     ${readable(end.output)}\n` : `${errorLines(end.error)}\n`);
    return exitCodes.completed;
  } finally {
    await runs.close();
  }
}

const done = { cancel: "cancelled", retry: "unfinished again: resume it", delete: "deleted" } as const;

/** `dataflower runs cancel|retry|delete`: all that are named, or those before the first that cannot be. */
export async function change(
  what: "cancel" | "retry" | "delete",
  ids: readonly string[],
  flags: RunsFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const store = requireLastingStore(flags);
  for (const id of ids) requireId("run", id);
  await changeRuns(store, async (runs: RunChanges) => {
    for (const id of ids) {
      await runs[what](id);
      terminal.say(`run ${id} is ${done[what]}`);
    }
  });
  return exitCodes.completed;
}

function listed(run: StoredRun): Listed<string>;
function listed(run: StoredRun | DamagedRun): Listed<string | null>;
function listed(run: StoredRun | DamagedRun): Listed<string | null> {
  if (run.status === "damaged") return { runId: run.id, workflow: null, status: "damaged", submittedAt: null, endedAt: null, bytes: null };
  const { id, workflow, status, submittedAt, endedAt, bytes } = run;
  const told: (typeof statuses)[number] = status === "completed" || status === "failed" || status === "cancelled" ? status : "unfinished";
  return {
    ...{ runId: id, workflow, status: told, submittedAt: new Date(submittedAt).toISOString() },
    ...{ endedAt: Number.isNaN(endedAt) ? null : new Date(endedAt).toISOString(), bytes },
  };
}

/** @typeParam Known null: what a damaged entry does not tell */
interface Listed<Known extends string | null> extends Record<string, Json> {
  readonly runId: string;
  readonly workflow: Known;
  readonly status: (typeof statuses)[number];
  readonly submittedAt: Known;
  readonly endedAt: string | null;
  readonly bytes: number | null;
}

function listLine(id: string, workflow: string, status: string, submittedAt: string, endedAt: string): string {
  return `${id.padEnd(24)}  ${printableLine(workflow).padEnd(20)}  ${status.padEnd(10)}  ${submittedAt.padEnd(24)}  ${endedAt}\n`;
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
