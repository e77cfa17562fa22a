import { DataFlowerError } from "../../../actors/kernel/errors.js";
import type { Graph } from "../../../actors/workflow/graph.js";
import type { TaskRecord } from "../../observe/task-record.js";
import { nodesByName } from "./executed-region.js";
import { exportedBytes, type SpecifiedTask } from "./exported-size.js";
import { wfFormatBytesMax } from "./parse-json.js";
import { taskParents } from "./task-parents.js";
import { wfIdOf } from "./wf-id.js";

/** Edges that a file may have. */
export const exportedEdgesMax = 5_000_000;
/** Bytes that the tasks of a file may take as JSON: what is left of the largest file that is read is for the facts. */
export const exportedBytesMax: number = wfFormatBytesMax - 64 * 1024;

/** Where a run was executed, in the words of WfFormat. */
export interface ExportedMachine {
  /** Name of a host: letters, digits, "-" and ".". */
  readonly nodeName: string;
  readonly system?: "linux" | "macos" | "windows";
  readonly architecture?: string;
  readonly memoryInBytes?: number;
  readonly cpu: { readonly coreCount: number };
}

/** What a file says of a run beside its tasks. */
export interface ExportFacts {
  /** Of the workflow. */
  readonly name: string;
  /** When the run was submitted: what the times of its records count from. */
  readonly submittedAt: Date;
  /** When the file is made. */
  readonly createdAt: Date;
  /** Of DataFlower. */
  readonly version: string;
  readonly machine: ExportedMachine;
}

/** How a run's tasks stand in a file, one entry a task. */
interface ExportedTask {
  readonly id: string;
  /** Its last attempt. */
  readonly record: TaskRecord;
}

/**
 * What a run executed, as a document of WfFormat 1.5.
 *
 * A task that was tried several times is there once, with the time of its last attempt. Who its parents are is said at `taskParents`: a
 * task behind a map may have as many as the map has elements. Ids are those of `wfIdOf`, names are paths, `command.program` is the name
 * that tasks of one handler share. The makespan reaches from the first start of any attempt to the last end.
 *
 * @param records of one run of the graph, in the order of starts: tasks stand in the order of their first attempts, so behind their parents
 * @throws DF_SPEC_INVALID when nothing was executed, which no document can say; DF_RESULT_TOO_LARGE beyond `exportedEdgesMax`
 *   or `exportedBytesMax`
 */
export function exportWfFormat(graph: Graph, records: readonly TaskRecord[], facts: ExportFacts): object {
  if (records.length === 0) {
    const found = "found a run that executed none";
    throw new DataFlowerError("DF_SPEC_INVALID", `Cannot export a run of ${facts.name} as WfFormat must hold at least one task: ${found}`);
  }
  const tasks = lastAttempts(records);
  const specifiedTasks = specified(graph, tasks, facts.name);
  const executedTasks = executed(graph, tasks, facts);
  requireAtMost(exportedBytesMax, "bytes", exportedBytes(specifiedTasks, executedTasks), facts.name);
  const startedAt = earliestStart(records);
  return {
    name: facts.name,
    createdAt: facts.createdAt.toISOString(),
    schemaVersion: "1.5",
    runtimeSystem: { name: "DataFlower", version: facts.version },
    workflow: {
      specification: { tasks: specifiedTasks },
      execution: {
        makespanInSeconds: (latestEnd(records) - startedAt) / 1000,
        executedAt: dateAt(facts, startedAt),
        tasks: executedTasks,
        machines: [facts.machine],
      },
    },
  };
}

function lastAttempts(records: readonly TaskRecord[]): ExportedTask[] {
  const byPath = new Map<string, TaskRecord>();
  for (const record of records) byPath.set(record.path, record);
  return Array.from(byPath.values(), (record) => ({ id: wfIdOf(record.path), record }));
}

function specified(graph: Graph, tasks: readonly ExportedTask[], workflow: string): SpecifiedTask[] {
  const records = tasks.map(({ record }) => record);
  const parentPaths = taskParents(graph, records);
  const links = new Map(tasks.map(({ id, record }) => [record.path, { id, parents: [] as string[], children: [] as string[] }]));
  requireAtMost(exportedEdgesMax, "edges", edgesOf(parentPaths), workflow);
  for (const [path, parents] of parentPaths) for (const parent of parents) link(links, parent, path);
  return records.map(({ path }) => ({ name: path, ...(links.get(path) as Links) })); // each has been given its links
}

interface Links {
  readonly id: string;
  readonly parents: string[];
  readonly children: string[];
}

function link(links: ReadonlyMap<string, Links>, parentPath: string, path: string): void {
  const parent = links.get(parentPath) as Links; // both were executed
  const child = links.get(path) as Links;
  parent.children.push(child.id);
  child.parents.push(parent.id);
}

function executed(graph: Graph, tasks: readonly ExportedTask[], facts: ExportFacts): object[] {
  const nodes = nodesByName(graph);
  return tasks.map(({ id, record: { name, startedAt, endedAt } }) => {
    const node = nodes.get(name) as number; // its parents have been found
    return {
      id,
      runtimeInSeconds: (endedAt - startedAt) / 1000,
      executedAt: dateAt(facts, startedAt),
      command: { program: graph.label(node) },
      coreCount: Math.max(1, graph.options(node).cpus ?? 1), // WfFormat knows no part of a core
      machines: [facts.machine.nodeName],
    };
  });
}

/** @param ms from the submission of the run */
const dateAt = ({ submittedAt }: ExportFacts, ms: number): string => new Date(submittedAt.getTime() + ms).toISOString();

const earliestStart = (records: readonly TaskRecord[]): number =>
  records.reduce((earliest, { startedAt }) => Math.min(earliest, startedAt), Number.POSITIVE_INFINITY);

const latestEnd = (records: readonly TaskRecord[]): number => records.reduce((latest, { endedAt }) => Math.max(latest, endedAt), 0);

function edgesOf(parentPaths: ReadonlyMap<string, readonly string[]>): number {
  let edges = 0;
  for (const parents of parentPaths.values()) edges += parents.length;
  return edges;
}

function requireAtMost(max: number, what: "edges" | "bytes", count: number, workflow: string): void {
  if (count <= max) return;
  const rule = `the tasks of a WfFormat file may have ${max} ${what}`;
  throw new DataFlowerError("DF_RESULT_TOO_LARGE", `Cannot export a run of ${workflow} as ${rule}: found ${count}`);
}
