import { DataFlowerError } from "../../../actors/kernel/errors.js";
import { requireId } from "../../authoring/ids.js";
import type { Engine } from "../../engine/engine.js";
import { StoredRuns } from "../../engine/journal/stored-runs.js";
import { type EngineOptions, type ResolvedStore, resolveEngineOptions } from "../../engine/options.js";
import { errorLines } from "../error-lines.js";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit-code.js";
import { failureJson } from "../failure-json.js";
import type { Interruption } from "../interruption.js";
import { jsonLine, jsonValue } from "../json-value.js";
import { numberOf } from "../number-flag.js";
import { printableLine } from "../printable.js";
import { readable } from "../readable.js";
import { type Outcome, outcomeOf } from "../run-report.js";
import { requireLastingStore, resumeHint, type StoreFlags, storeOptionsOf } from "../store-flags.js";
import type { Terminal } from "../terminal.js";
import { type AnyWorkflow, openFile } from "../workflow-file.js";

export interface ResumeFlags extends StoreFlags {
  readonly workers?: string;
  readonly concurrency?: string;
  readonly json?: true;
}

interface Asked {
  readonly id: string;
  readonly workflow: AnyWorkflow;
}

/** Runs that are gone on with at a time: each of them holds its result until it has been printed. */
const underWayMax = 1000;

/** `dataflower resume`: goes on with unfinished runs of a store, all that FILE has workflows for or those that are named. */
export async function resume(
  file: string,
  ids: readonly string[],
  flags: ResumeFlags,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  const { workers, concurrency } = flags;
  const options: EngineOptions = {
    ...storeOptionsOf(flags),
    resume: false,
    ...(workers === undefined ? {} : { workers: numberOf(workers) }),
    ...(concurrency === undefined ? {} : { concurrency: numberOf(concurrency) }),
  };
  resolveEngineOptions(options);
  const store = requireLastingStore(flags);
  for (const id of ids) requireId("run", id);
  const { workflows } = await openFile(file);
  const asked = ids.length > 0 ? await named(store, ids, workflows) : await unfinished(store, workflows, terminal);
  if (asked.length === 0) return exitCodes.completed;
  const { DataFlower } = await import("../../engine/dataflower.js");
  const engine = await DataFlower.start({ ...options, workflows: [...new Set(asked.map(({ workflow }) => workflow))] });
  interruption.listen(() => {
    terminal.say(`dataflower: interrupted; what is unfinished is left to be resumed: ${resumeHint(file, flags)}`);
    void engine.close({ grace: 0 });
  });
  try {
    const code = await finish(asked, engine, flags, terminal, interruption);
    return interruption.isRaised ? exitCodes.interrupted : code;
  } finally {
    await engine.close({ grace: 0 });
    interruption.settle();
  }
}

/** @throws DF_OPTION_INVALID for an id that no run has, DF_MODULE_NO_WORKFLOW for a run of a workflow that is not there */
async function named(store: ResolvedStore, ids: readonly string[], workflows: readonly AnyWorkflow[]): Promise<Asked[]> {
  const runs = await StoredRuns.open(store);
  try {
    const asked: Asked[] = [];
    for (const id of new Set(ids)) {
      const { workflow: name } = await runs.get(id);
      const workflow = workflows.find((one) => one.name === name);
      if (workflow === undefined) {
        const found = workflows.map((one) => one.name).join(", ");
        throw new DataFlowerError("DF_MODULE_NO_WORKFLOW", `Cannot resume run ${id} as FILE must have workflow ${name}: found ${found}`);
      }
      asked.push({ id, workflow });
    }
    return asked;
  } finally {
    await runs.close();
  }
}

async function unfinished(store: ResolvedStore, workflows: readonly AnyWorkflow[], terminal: Terminal): Promise<Asked[]> {
  const runs = await StoredRuns.open(store);
  try {
    const asked: Asked[] = [];
    const others = new Set<string>();
    for await (const run of runs) {
      if (run.status === "damaged") terminal.say(`dataflower: what the store holds of run ${run.id} is damaged: it is left alone`);
      if (run.status !== "accepted") continue;
      const { id, workflow: name } = run;
      const workflow = workflows.find((one) => one.name === name);
      if (workflow === undefined) others.add(name);
      else asked.push({ id, workflow });
    }
    if (others.size > 0) terminal.say(`dataflower: unfinished runs of other workflows are left alone: ${[...others].join(", ")}`);
    if (asked.length === 0) terminal.say("dataflower: nothing is unfinished");
    return asked;
  } finally {
    await runs.close();
  }
}

/** @returns the exit code of the first run that did not complete */
async function finish(
  asked: readonly Asked[],
  engine: Engine,
  { json }: ResumeFlags,
  terminal: Terminal,
  interruption: Interruption,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.completed;
  const take = asked.values();
  const lane = async (): Promise<void> => {
    for (const { id, workflow } of take) {
      if (interruption.isRaised) return;
      const outcome = await outcomeOfStored(engine, workflow, id);
      if (interruption.isRaised && outcome.status === "cancelled") return; // left
      if (outcome.status !== "completed" && code === exitCodes.completed) code = exitCodeOf(outcome.error);
      report({ id, workflow }, outcome, json === true, terminal);
    }
  };
  await Promise.all(Array.from({ length: Math.min(underWayMax, asked.length) }, lane));
  return code;
}

async function outcomeOfStored(engine: Engine, workflow: AnyWorkflow, id: string): Promise<Outcome> {
  try {
    const run = await engine.get(workflow, id);
    if (run !== undefined) return await outcomeOf(run);
    const message = `Cannot resume run ${id} as the store must know it: it was forgotten since runs were listed`;
    return { status: "failed", error: new DataFlowerError("DF_CHECKPOINT_LOST", message, { runId: id }) };
  } catch (error) {
    return { status: "failed", error };
  }
}

function report({ id, workflow }: Asked, outcome: Outcome, isJson: boolean, terminal: Terminal): void {
  const { status } = outcome;
  if (isJson) {
    const ended = status === "completed" ? { output: jsonValue(outcome.output) } : { error: failureJson(outcome.error) };
    terminal.print(jsonLine({ runId: id, workflow: workflow.name, status, ...ended }));
    return;
  }
  if (status === "completed") terminal.print(`${id}: ${readable(outcome.output)}\n`);
  else terminal.say(errorLines(outcome.error));
  terminal.say(printableLine(`run ${id} of ${workflow.name} ${status}`));
}
