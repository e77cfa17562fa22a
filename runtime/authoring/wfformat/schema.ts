/**
 * JSON Schemas of WfFormat, written from the documentation of its fields. They accept what the published schemas accept, and
 * beyond that only what recorders really write:
 *
 * - dates, addresses and host names are any text, as `createdAt` often lacks its zone;
 * - in versions 1.0 to 1.4 `makespan` may be null and `machines` empty;
 * - in version 1.5 references may hold a `#`, which the format's own later revision allows, too.
 *
 * In one place they are stricter: in versions 1.0 to 1.4, whose schemas do not know `children`, these must be a list of texts.
 */

import { type OneListVersion, oneListVersions, twoListsVersion } from "./versions.js";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** @param version one of wfFormatVersions */
export function schemaOf(version: string): JsonSchema {
  const oneList = oneListVersions.get(version);
  const system = object(["name", "version"], { name: text, version: text, url: text });
  return object(["name", "schemaVersion", "workflow"], {
    name: text,
    description: text,
    createdAt: text,
    schemaVersion: { type: "string", enum: [version] },
    [oneList === undefined ? "runtimeSystem" : "wms"]: system,
    author: object(["name", "email"], { name: text, email: text, institution: text, country: text }),
    workflow: oneList === undefined ? twoLists() : oneListOf(oneList),
  });
}

const text: JsonSchema = { type: "string", minLength: 1 };
const number: JsonSchema = { type: "number" };
const size: JsonSchema = { type: "integer", minimum: 0 };
const positive: JsonSchema = { type: "integer", minimum: 1 };

/** Further fields are anybody's. */
const object = (required: readonly string[], properties: JsonSchema): JsonSchema => ({ type: "object", required, properties });
const list = (items: JsonSchema, minItems = 0): JsonSchema => ({ type: "array", items, minItems });
const oneOf = (...values: string[]): JsonSchema => ({ type: "string", enum: values });

const command = object([], { program: text, arguments: list(text) });

const machine = (memory: string, cpu: JsonSchema): JsonSchema =>
  object(["nodeName"], {
    system: oneOf("linux", "macos", "windows"),
    architecture: text,
    nodeName: text,
    release: text,
    [memory]: positive,
    cpu: object([], { ...cpu, vendor: text }),
  });

/** Versions 1.0 to 1.4. */
function oneListOf(version: OneListVersion): JsonSchema {
  const { fields } = version;
  return object([fields.makespan, "executedAt", version.list], {
    [fields.makespan]: { type: "number", nullable: true },
    executedAt: text,
    machines: list(machine(fields.memory, { count: positive, speed: positive })),
    [version.list]: list(taskOf(version), 1),
  });
}

function taskOf(version: OneListVersion): JsonSchema {
  const { fields, hasIds } = version;
  const file = object(["name", fields.size, "link"], { name: text, [fields.size]: size, link: oneOf("input", "output") });
  return object(["name", "type", ...(version.isRuntimeRequired ? [fields.runtime] : [])], {
    name: text,
    type: oneOf("compute", "transfer", "auxiliary"),
    ...(hasIds ? { id: text, category: text, command } : { arguments: list(text) }),
    parents: list({ ...text, pattern: `^[${version.idCharacters}]*$` }),
    children: list({ type: "string" }),
    files: list(file),
    [fields.runtime]: number,
    cores: { type: version.cores, minimum: 1 },
    avgCPU: number,
    [fields.read]: number,
    [fields.written]: number,
    [fields.memory]: number,
    energy: number,
    avgPower: number,
    priority: number,
    machine: text,
  });
}

/** Version 1.5. */
function twoLists(): JsonSchema {
  return object(["specification"], { specification: specification(), execution: execution() });
}

function specification(): JsonSchema {
  const reference: JsonSchema = { type: "string", pattern: "^[0-9A-Za-z_.#-]*$" };
  const fileId: JsonSchema = { ...text, pattern: "^[0-9A-Za-z_./:#-]*$" };
  const task = object(["name", "id", "parents", "children"], {
    name: text,
    id: text,
    parents: list(reference),
    children: list(reference),
    inputFiles: list(fileId),
    outputFiles: list(fileId),
  });
  const file = object(["id", "sizeInBytes"], { id: fileId, sizeInBytes: size });
  return object(["tasks"], { tasks: list(task, 1), files: list(file) });
}

function execution(): JsonSchema {
  const task = object(["id", "runtimeInSeconds"], {
    id: text,
    runtimeInSeconds: number,
    executedAt: text,
    command,
    coreCount: { type: "number", minimum: 1 },
    avgCPU: number,
    readBytes: number,
    writtenBytes: number,
    memoryInBytes: number,
    energyInKWh: number,
    avgPowerInW: number,
    priority: number,
    machines: list(text),
  });
  return object(["makespanInSeconds", "executedAt", "tasks"], {
    makespanInSeconds: number,
    executedAt: text,
    tasks: list(task, 1),
    machines: list(machine("memoryInBytes", { coreCount: positive, speedInMHz: positive }), 1),
  });
}

/** Version of a document, where it is one that these schemas describe. */
export const isKnownVersion = (version: unknown): version is string =>
  typeof version === "string" && (version === twoListsVersion || oneListVersions.has(version));
