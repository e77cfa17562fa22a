import { arch, cpus, hostname, platform, totalmem } from "node:os";
import type { Graph } from "../../actors/workflow/graph.js";
import { type ExportedMachine, type ExportFacts, exportWfFormat } from "../authoring/wfformat/export-wfformat.js";
import type { Run } from "./run.js";

/**
 * What a run executed, as a document of WfFormat 1.5; when it has ended, however it did.
 *
 * @param graph of the run's workflow
 * @throws what `Run.tasks()` and `exportWfFormat` throw
 */
export async function exportRun(run: Run<unknown>, graph: Graph, facts: Omit<ExportFacts, "name" | "machine">): Promise<object> {
  const [records, { workflow }] = await Promise.all([run.tasks(), run.summary()]);
  return exportWfFormat(graph, records, { ...facts, name: workflow, machine: thisMachine() });
}

/** The names that WfFormat has for systems. */
const systems: Readonly<Record<string, "linux" | "macos" | "windows">> = { linux: "linux", darwin: "macos", win32: "windows" };
/** What the format takes for the name of a host. */
const hostPattern = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

function thisMachine(): ExportedMachine {
  const system = systems[platform()];
  return {
    nodeName: hostPattern.test(hostname()) ? hostname() : "localhost",
    ...(system === undefined ? {} : { system }),
    architecture: arch(),
    memoryInBytes: totalmem(),
    cpu: { coreCount: Math.max(1, cpus().length) },
  };
}
