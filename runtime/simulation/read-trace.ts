import type { ListedTask } from "../authoring/compile-listed.js";
import { compileListed } from "../authoring/compile-listed.js";
import { openGraph } from "../authoring/topology.js";
import { simulatedTaskOptions } from "./simulated-task-options.js";
import type { SimulatedWorkflow } from "./workload.js";

interface Wf {
  name: string;
  workflow: {
    specification: { tasks: { id: string; parents: string[] }[] };
    execution: { tasks: { id: string; runtimeInSeconds: number }[] };
  };
}

/** A recorded workflow, from the text of a WfFormat file. */
export function readTrace(text: string, _file: string): SimulatedWorkflow {
  const { name, workflow } = JSON.parse(text) as Wf;
  const { tasks } = workflow.specification;
  const placeOf = new Map(tasks.map(({ id }, place) => [id, place]));
  const seconds = new Map(workflow.execution.tasks.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]));
  const ms = tasks.map(({ id }) => (seconds.get(id) as number) * 1000);
  const listed = tasks.map(
    ({ id, parents }, place): ListedTask => ({
      name: id.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 100),
      isNameGiven: false,
      handler: 0,
      input: { kind: "constant", value: undefined },
      options: simulatedTaskOptions({ estimateMs: ms[place], cpus: undefined, memoryBytes: undefined }),
      after: parents.map((id) => placeOf.get(id) as number),
    }),
  );
  const { topology } = compileListed({
    name: name.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 100),
    tasks: listed,
    handlers: [{ module: import.meta.url, name: "readTrace", handler: () => undefined }],
    defaults: simulatedTaskOptions({ estimateMs: undefined, cpus: undefined, memoryBytes: undefined }),
    result: { kind: "constant", value: undefined },
    whenTaskFails: "stop",
    scheduler: undefined,
  });
  return { name, graph: openGraph(topology), durationMs: (node) => ms[node - 1] ?? 0, inputBytes: undefined };
}
