import type { Graph, ResolvedTaskOptions } from "../../actors/workflow/graph.js";
import type { SimulatedRun, SimulatedWorkflow } from "./workload.js";

/** The same runs, but nobody has told how long tasks take: policies find it out, or do without. */
export function* withoutEstimates(runs: Iterable<SimulatedRun>): Generator<SimulatedRun> {
  const known = new WeakMap<SimulatedWorkflow, SimulatedWorkflow>();
  for (const run of runs) {
    let workflow = known.get(run.workflow);
    if (workflow === undefined) {
      workflow = { ...run.workflow, durationMs: (node) => run.workflow.durationMs(node), graph: blind(run.workflow.graph) };
      known.set(run.workflow, workflow);
    }
    yield { ...run, workflow };
  }
}

/** Inherits its tables: there may be a million of them. */
function blind(graph: Graph): Graph {
  const options: (ResolvedTaskOptions | undefined)[] = [];
  return Object.create(graph, {
    options: {
      value: (node: number) => {
        options[node] ??= { ...graph.options(node), estimateMs: undefined };
        return options[node];
      },
    },
  }) as Graph;
}
