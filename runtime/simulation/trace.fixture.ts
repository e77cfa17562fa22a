/** Recorded executions of real workflows, as far as a simulation has to know of them. */
import { readFileSync } from "node:fs";
import { plainOptions } from "../../actors/workflow/graph.fixture.js";
import type { ResolvedTaskOptions, Template } from "../../actors/workflow/graph.js";
import { compileListed, placeOfTask } from "../authoring/compile-listed.js";
import type { CompiledWorkflow } from "../authoring/compiled-workflow.js";
import type { UntypedHandler } from "../authoring/task-context.js";
import { openGraph } from "../authoring/topology.js";
import { sharedData } from "../shared-data.fixture.js";
import type { SimulatedWorkflow } from "./workload.js";

const folder = `${sharedData}wfinstances/`;

/** A task of a recording. */
export interface RecordedTask {
  readonly ms: number;
  /** Positions in the list. */
  readonly parents: readonly number[];
}

interface WfFile {
  readonly workflow: {
    readonly specification: { readonly tasks: readonly { readonly id: string; readonly parents: readonly string[] }[] };
    readonly execution: { readonly tasks: readonly { readonly id: string; readonly runtimeInSeconds: number }[] };
  };
}

/** The tasks of a file of the format's version 1.5. */
export function recordedTasks(file: string): RecordedTask[] {
  const { specification, execution } = (JSON.parse(readFileSync(folder + file, "utf8")) as WfFile).workflow;
  const seconds = new Map(execution.tasks.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]));
  const positions = new Map(specification.tasks.map(({ id }, position) => [id, position]));
  return specification.tasks.map(({ id, parents }) => ({
    ms: (seconds.get(id) as number) * 1000,
    parents: parents.map((parent) => positions.get(parent) as number),
  }));
}

/** By file: its row of the reference, by column. */
export function references(): Map<string, Readonly<Record<string, number>>> {
  const [head, ...rows] = readFileSync(`${folder}reference.csv`, "utf8").trim().split("\n");
  const columns = (head as string).split(",");
  return new Map(
    rows.map((row) => {
      const cells = row.split(",");
      return [cells[0] as string, Object.fromEntries(columns.map((column, at) => [column, Number(cells[at])]))];
    }),
  );
}

const options: ResolvedTaskOptions = { ...plainOptions, priority: 0, estimateMs: undefined, cpus: undefined };

export interface RecordedWorkflowOptions {
  readonly name: string;
  readonly tasks: readonly RecordedTask[];
  /** What every task calls; it is given `{ ms, parents }`. */
  readonly body?: UntypedHandler;
  /** Of all tasks. */
  readonly defaults?: Partial<ResolvedTaskOptions>;
}

/** A workflow with the tasks of a recording. */
export function recordedWorkflow({ name, tasks, body = () => undefined, defaults }: RecordedWorkflowOptions): CompiledWorkflow {
  const ref = (position: number): Template => ({ kind: "ref", up: 0, place: placeOfTask(position), path: [] });
  const hasFollower = new Set(tasks.flatMap(({ parents }) => parents));
  const leaves = tasks.flatMap((_, position) => (hasFollower.has(position) ? [] : [ref(position)]));
  return compileListed({
    name,
    tasks: tasks.map(({ ms, parents }, position) => ({
      name: `task-${position}`,
      isNameGiven: true,
      handler: 0,
      input: {
        kind: "object",
        keys: ["ms", "parents"],
        values: [
          { kind: "constant", value: ms },
          { kind: "list", items: parents.map(ref) },
        ],
      },
      options: { ...options, estimateMs: ms, ...defaults },
      after: [],
    })),
    handlers: [{ module: import.meta.url, name: "body", handler: body }],
    defaults: { ...options, ...defaults },
    result: { kind: "list", items: leaves },
    whenTaskFails: "stop",
    scheduler: undefined,
  });
}

/** The same for a simulation. */
export function simulatedRecording(options: RecordedWorkflowOptions): SimulatedWorkflow {
  const graph = openGraph(recordedWorkflow(options).topology);
  const durationMs = (node: number): number => options.tasks[node - placeOfTask(0)]?.ms as number; // asked of tasks only
  return { name: options.name, graph, durationMs, inputBytes: undefined };
}
