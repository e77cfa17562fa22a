import { DataFlower, DataFlowerError, type Engine, type TaskRecord } from "dataflower";
import { type CascadeFate, type CascadeInput, cascadeFateOf, type Handling, taskName } from "../../workloads/cascade.js";
import { graphOf } from "../../workloads/graphs.js";
import { inputOf } from "../../workloads/inputs.js";
import type { Output } from "../../workloads/task-graph.js";
import { asFailure } from "../as-failure.js";
import { digestOf } from "../digest.js";

type WorkflowModule = typeof import("../../workloads/cascade-workflow.js");

/** How far failures spread: runs of a graph whose tasks fail for good by chance. */
export interface CascadeParameters {
  readonly graph: string;
  readonly handling: Handling;
  readonly threads: number;
  readonly runs: number;
  readonly failureShare: number;
  readonly seed: number;
}

export interface CascadeSample {
  readonly runs: number;
  readonly completedRuns: number;
  /** Tasks of all runs, and those that gave an output. */
  readonly tasks: number;
  readonly completedTasks: number;
  /** Those of which the graph and the coins say that they may; all of them did, unless runs are stopped. */
  readonly expectedTasks: number;
  /** Digest of what had to become of each run. */
  readonly fates: string;
}

const IN_FLIGHT = 16;

/** Rejects when a run ends otherwise than the graph and its coins decide, or other tasks were executed, completed or failed. */
export async function measureCascades(parameters: CascadeParameters): Promise<CascadeSample> {
  const { graph: name, handling, threads, runs } = parameters;
  const { cascade } = await loadCascade(name, handling);
  await using engine = await DataFlower.start({ workflows: [cascade], workers: threads, store: "memory:", record: true });
  const ends: Ended[] = [];
  let next = 0;
  const runOneByOne = async (): Promise<void> => {
    while (next < runs) {
      const index = next++;
      ends[index] = await runOnce(engine, cascade, parameters, index);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, runOneByOne));
  const sum = (of: (ended: Ended) => number) => ends.reduce((total, ended) => total + of(ended), 0);
  return {
    runs,
    completedRuns: sum(({ fate }) => (fate.answer === undefined ? 0 : 1)),
    tasks: runs * graphOf(name).size,
    completedTasks: sum(({ completed }) => completed),
    expectedTasks: sum(({ fate }) => fate.complete.length),
    fates: digestOf(ends.map(({ fate }) => fate)),
  };
}

interface Ended {
  readonly fate: CascadeFate;
  readonly completed: number;
}

async function runOnce(
  engine: Engine,
  cascade: WorkflowModule["cascade"],
  { graph: name, handling, failureShare, seed }: CascadeParameters,
  index: number,
): Promise<Ended> {
  const runId = `cascade-${failureShare}-${index}`;
  const input: CascadeInput = { toss: { seed, failureShare }, input: inputOf(index) };
  const fate = cascadeFateOf(graphOf(name), handling, input, runId);
  const run = await engine.submit(cascade, input, { runId });
  const ended = await run.result().catch(asFailure);
  const completed = checkCascade({ runId, handling, fate }, ended, await run.tasks());
  return { fate, completed };
}

export function loadCascade(graph: string, handling: Handling): Promise<WorkflowModule> {
  const address = new URL("../../workloads/cascade-workflow.js", import.meta.url);
  address.search = new URLSearchParams({ graph, handling }).toString();
  return import(address.href);
}

export interface CascadeRun {
  readonly runId: string;
  readonly handling: Handling;
  readonly fate: CascadeFate;
}

/** Throws unless a run ended as it must, and so did each of its tasks. @returns tasks that completed */
export function checkCascade(
  { runId, handling, fate }: CascadeRun,
  ended: readonly Output[] | DataFlowerError,
  records: readonly Pick<TaskRecord, "name" | "outcome">[],
): number {
  const named = (outcome: TaskRecord["outcome"]) => records.filter((record) => record.outcome === outcome).map(({ name }) => name);
  const [completed, failed] = [named("returned"), named("failed")];
  const holds = handling === "stop" && fate.answer === undefined ? isAmong : isSame;
  const areTasksRight = holds(completed, fate.complete.map(taskName)) && holds(failed, fate.fail.map(taskName));
  if (areTasksRight && hasEndedRightly(fate, ended)) return completed.length;
  const found = ended instanceof DataFlowerError ? `${ended.code} of ${ended.task}` : JSON.stringify(ended);
  throw new Error(
    `Cannot count run ${runId} as it must end as its graph and its coins decide, ${JSON.stringify(fate)}: found ${found}, failed ${failed.join()}, completed ${completed.join()}`,
  );
}

function hasEndedRightly({ answer, fail }: CascadeFate, ended: readonly Output[] | DataFlowerError): boolean {
  if (!(ended instanceof DataFlowerError)) return answer !== undefined && JSON.stringify(ended) === JSON.stringify(answer);
  return answer === undefined && ended.code === "DF_TASK_FAILED" && fail.some((task) => taskName(task) === ended.task);
}

/** Each once, and no other. */
function isSame(found: readonly string[], expected: readonly string[]): boolean {
  return found.length === expected.length && isAmong(found, expected);
}

function isAmong(found: readonly string[], allowed: readonly string[]): boolean {
  return new Set(found).size === found.length && found.every((name) => allowed.includes(name));
}
