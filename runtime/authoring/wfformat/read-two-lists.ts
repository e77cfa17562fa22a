import { found } from "../found.js";
import type { Command, RecordedTask } from "./recorded-task.js";
import { refuse } from "./refuse.js";

/** What is read of a document of version 1.5, which has been validated. */
export interface TwoListsDocument {
  readonly name: string;
  readonly workflow: {
    readonly specification: { readonly tasks: readonly SpecifiedTask[]; readonly files?: readonly SpecifiedFile[] };
    readonly execution?: { readonly tasks: readonly ExecutedTask[] };
  };
}

interface SpecifiedTask {
  readonly name: string;
  readonly id: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
  readonly inputFiles?: readonly string[];
  readonly outputFiles?: readonly string[];
}

interface SpecifiedFile {
  readonly id: string;
  readonly sizeInBytes: number;
}

interface ExecutedTask {
  readonly id: string;
  readonly runtimeInSeconds: number;
  readonly command?: Command;
  readonly coreCount?: number;
}

const tasksPath = "/workflow/specification/tasks";
const filesPath = "/workflow/specification/files";
const executionPath = "/workflow/execution/tasks";

/** Brings the two lists together: what a task is, and what was recorded of it. */
export function readTwoLists({ workflow }: TwoListsDocument, file: string): RecordedTask[] {
  const { tasks, files } = workflow.specification;
  const specified = byId(tasks, tasksPath, file);
  const executed = byId(workflow.execution?.tasks ?? [], executionPath, file);
  const sizes = files === undefined ? undefined : byId(files, filesPath, file);
  refuseStrangers(executed, specified, file);
  return tasks.map((task, position) => {
    const path = `${tasksPath}/${position}`;
    const { inputFiles = [], outputFiles = [] } = task;
    const { command, coreCount, runtimeInSeconds } = executed.get(task.id) ?? {};
    bytesOf(outputFiles, `${path}/outputFiles`, sizes, file); // of no use here, but they must be listed, too
    return {
      path,
      id: task.id,
      name: task.name,
      category: undefined,
      program: command?.program,
      parents: task.parents,
      children: task.children,
      runtimeSeconds: runtimeInSeconds,
      cores: coreCount,
      inputBytes: bytesOf(inputFiles, `${path}/inputFiles`, sizes, file),
    };
  });
}

function byId<Entry extends { readonly id: string }>(entries: readonly Entry[], path: string, file: string): Map<string, Entry> {
  const entryOf = new Map<string, Entry>();
  entries.forEach((entry, position) => {
    if (entryOf.has(entry.id)) refuse(file, `${path}/${position}/id must be unique in its list`, `${found(entry.id)} again`);
    entryOf.set(entry.id, entry);
  });
  return entryOf;
}

function refuseStrangers(executed: ReadonlyMap<string, ExecutedTask>, specified: ReadonlyMap<string, SpecifiedTask>, file: string): void {
  let position = 0;
  for (const id of executed.keys()) {
    if (!specified.has(id)) refuse(file, `${executionPath}/${position}/id must be the id of a task in ${tasksPath}`, found(id));
    position += 1;
  }
}

/** @param sizes undefined: the document lists no files, so nothing is known of their sizes */
function bytesOf(ids: readonly string[], path: string, sizes: ReadonlyMap<string, SpecifiedFile> | undefined, file: string): number {
  if (sizes === undefined) return 0;
  let bytes = 0;
  ids.forEach((id, position) => {
    const listed = sizes.get(id);
    if (listed === undefined) refuse(file, `${path}/${position} must be the id of a file in ${filesPath}`, found(id));
    bytes += listed.sizeInBytes;
  });
  return bytes;
}
