import type { Command, RecordedTask } from "./recorded-task.js";
import type { OneListVersion } from "./versions.js";

/** What is read of a document of versions 1.0 to 1.4, which has been validated; fields that differ by version are looked up. */
export interface OneListDocument {
  readonly name: string;
  readonly workflow: Readonly<Record<string, unknown>>;
}

interface OneListTask {
  readonly name: string;
  readonly id?: string;
  readonly category?: string;
  readonly command?: Command;
  readonly parents?: readonly string[];
  readonly children?: readonly string[];
  readonly cores?: number;
  readonly files?: readonly OneListFile[];
  readonly [field: string]: unknown;
}

interface OneListFile {
  readonly link: "input" | "output";
  readonly [field: string]: unknown;
}

export function readOneList({ workflow }: OneListDocument, version: OneListVersion): RecordedTask[] {
  const tasks = workflow[version.list] as readonly OneListTask[]; // by the schema
  return tasks.map((task, position) => readTask(task, `/workflow/${version.list}/${position}`, version));
}

function readTask(task: OneListTask, path: string, version: OneListVersion): RecordedTask {
  const { name, parents, children, cores, files = [] } = task;
  const { fields, hasIds } = version;
  return {
    path,
    id: (hasIds ? task.id : undefined) ?? name,
    name,
    category: hasIds ? task.category : undefined,
    program: hasIds ? task.command?.program : undefined,
    parents,
    children,
    runtimeSeconds: task[fields.runtime] as number | undefined, // by the schema
    cores,
    inputBytes: inputBytesOf(files, version),
  };
}

function inputBytesOf(files: readonly OneListFile[], { fields, unitBytes }: OneListVersion): number {
  let units = 0;
  for (const file of files) if (file.link === "input") units += file[fields.size] as number;
  return units * unitBytes;
}
