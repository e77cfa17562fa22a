import { oneListVersions } from "./versions.js";

/** A task to be written in any version. */
export interface WrittenTask {
  readonly id: string;
  readonly name?: string;
  /** In units of the version. */
  readonly memory?: number;
  readonly parents?: readonly string[] | undefined;
  /** Default: those that have it as a parent. */
  readonly children?: readonly string[];
  readonly seconds?: number | undefined;
  readonly program?: string;
  /** By name, in units of the version. */
  readonly inputs?: Readonly<Record<string, number>>;
  readonly outputs?: Readonly<Record<string, number>>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests break documents in every place
export type Json = any;

/** A document of a version with every field that it knows, valid unless the tasks are not. */
export function documentOf(version: string, tasks: readonly WrittenTask[]): Json {
  const oneList = oneListVersions.get(version);
  return {
    name: "written",
    description: "Written by a test",
    createdAt: "2026-01-31T09:30:00.25",
    schemaVersion: version,
    [oneList === undefined ? "runtimeSystem" : "wms"]: { name: "none", version: "1", url: "https://example.org" },
    author: { name: "A", email: "a@example.org", institution: "I", country: "C" },
    workflow: oneList === undefined ? twoLists(tasks) : oneListOf(tasks, version),
  };
}

export const textOf = (version: string, tasks: readonly WrittenTask[]): string => JSON.stringify(documentOf(version, tasks));

const childrenOf = ({ id, children }: WrittenTask, tasks: readonly WrittenTask[]): readonly string[] =>
  children ?? tasks.filter(({ parents }) => parents?.includes(id)).map((task) => task.id);

function oneListOf(tasks: readonly WrittenTask[], version: string): Json {
  const { fields, list, hasIds } = oneListVersions.get(version)!;
  return {
    [fields.makespan]: 3.5,
    executedAt: "20260131T093000+0100",
    machines: [machineOf(fields.memory, { count: 4, speed: 2000, vendor: "V" })],
    [list]: tasks.map((task) => ({
      name: task.name ?? task.id,
      type: "compute",
      ...(hasIds
        ? { id: task.id, category: "kind", command: { program: task.program ?? "run", arguments: ["-v"] } }
        : { arguments: ["-v"] }),
      parents: [...(task.parents ?? [])],
      children: [...childrenOf(task, tasks)],
      files: [...filesOf(task.inputs, "input", fields.size), ...filesOf(task.outputs, "output", fields.size)],
      [fields.runtime]: task.seconds,
      cores: 2,
      avgCPU: 180.5,
      [fields.read]: 1,
      [fields.written]: 2,
      [fields.memory]: task.memory,
      energy: 0.1,
      avgPower: 3,
      priority: 10,
      machine: "node",
    })),
  };
}

const filesOf = (sizes: WrittenTask["inputs"], link: string, size: string): Json[] =>
  Object.entries(sizes ?? {}).map(([name, bytes]) => ({ name, link, [size]: bytes }));

const machineOf = (memory: string, cpu: Json): Json => ({
  system: "linux",
  architecture: "x86_64",
  nodeName: "node",
  release: "6.1",
  [memory]: 1024,
  cpu,
});

function twoLists(tasks: readonly WrittenTask[]): Json {
  const sizes = Object.assign({}, ...tasks.flatMap(({ inputs, outputs }) => [inputs, outputs]));
  return {
    specification: {
      tasks: tasks.map((task) => ({
        name: task.name ?? task.id,
        id: task.id,
        parents: [...(task.parents ?? [])],
        children: [...childrenOf(task, tasks)],
        inputFiles: Object.keys(task.inputs ?? {}),
        outputFiles: Object.keys(task.outputs ?? {}),
      })),
      files: Object.entries(sizes).map(([id, sizeInBytes]) => ({ id, sizeInBytes })),
    },
    execution: {
      makespanInSeconds: 3.5,
      executedAt: "2026-01-31T09:30:00.25",
      tasks: tasks.map(({ id, seconds, memory, program }) => ({
        id,
        runtimeInSeconds: seconds,
        executedAt: "2026-01-31T09:30:00.25",
        command: { program: program ?? "run", arguments: ["-v"] },
        coreCount: 2,
        avgCPU: 180.5,
        readBytes: 1,
        writtenBytes: 2,
        memoryInBytes: memory,
        energyInKWh: 0.1,
        avgPowerInW: 3,
        priority: 10,
        machines: ["node"],
      })),
      machines: [machineOf("memoryInBytes", { coreCount: 4, speedInMHz: 2000, vendor: "V" })],
    },
  };
}
