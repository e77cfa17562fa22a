/**
 * What differs between the versions of WfFormat that keep specification and execution in one list of tasks (1.0 to 1.4). Version 1.5
 * keeps them apart.
 */

/** Before 1.4 sizes are in KB, by which those who record them mean what an operating system does. */
const kibibyte = 1024;

export interface OneListVersion {
  /** Where the workflow has its tasks. */
  readonly list: "jobs" | "tasks";
  /** Tasks may have an id and a category, and their arguments belong to a command. Before that a task's name is its id. */
  readonly hasIds: boolean;
  readonly cores: "integer" | "number";
  readonly isRuntimeRequired: boolean;
  /** Characters of the ids in lists of parents, as in a class of a regular expression. */
  readonly idCharacters: string;
  /** Bytes in a unit of memory or of a file's size. */
  readonly unitBytes: number;
  /** Names of fields. */
  readonly fields: typeof plainFields | typeof unitFields;
}

const plainFields = {
  makespan: "makespan",
  runtime: "runtime",
  size: "size",
  memory: "memory",
  read: "bytesRead",
  written: "bytesWritten",
} as const;

const unitFields = {
  makespan: "makespanInSeconds",
  runtime: "runtimeInSeconds",
  size: "sizeInBytes",
  memory: "memoryInBytes",
  read: "readBytes",
  written: "writtenBytes",
} as const;

const plainCharacters = "0-9A-Za-z_-";
const dottedCharacters = "0-9A-Za-z_.-";

const version10: OneListVersion = {
  list: "jobs",
  hasIds: false,
  cores: "integer",
  isRuntimeRequired: true,
  idCharacters: plainCharacters,
  unitBytes: kibibyte,
  fields: plainFields,
};
const version12: OneListVersion = { ...version10, hasIds: true, cores: "number" };
const version13: OneListVersion = { ...version12, list: "tasks", isRuntimeRequired: false, idCharacters: dottedCharacters };
const version14: OneListVersion = { ...version13, unitBytes: 1, fields: unitFields };

export const oneListVersions: ReadonlyMap<string, OneListVersion> = new Map([
  ["1.0", version10],
  ["1.1", version10],
  ["1.2", version12],
  ["1.3", version13],
  ["1.4", version14],
]);

export const twoListsVersion = "1.5";

/** Oldest first. */
export const wfFormatVersions: readonly string[] = [...oneListVersions.keys(), twoListsVersion];
