import { instancesOf, type TabledWorkflow } from "./four-workflows.js";

/** A tabled workflow as WfFormat 1.5: each instance takes its waiting and its computing at full speed. */
export function recordedTrace(workflow: TabledWorkflow): object {
  const instances = instancesOf(workflow);
  const ids = instances.map(({ name }) => name.replaceAll(/[[\]]/g, "."));
  const children = instances.map((_, at) => ids.filter((_id, other) => instances[other]!.after.includes(at)));
  return {
    name: workflow.name,
    schemaVersion: "1.5",
    workflow: {
      specification: {
        tasks: instances.map(({ name, after }, at) => ({
          ...{ name: name.replace(/\[.*/, ""), id: ids[at], parents: after.map((before) => ids[before]), children: children[at] },
        })),
      },
      execution: {
        makespanInSeconds: 0,
        executedAt: "2024-04-27T00:00:00Z",
        tasks: instances.map(({ ioMs, cpuMs }, at) => ({ id: ids[at], runtimeInSeconds: (ioMs + cpuMs) / 1e3 })),
      },
    },
  };
}
