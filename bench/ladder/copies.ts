import { copyValue, valueSizeMax } from "../../actors/kernel/value.js";
import { LocalMemory } from "../../actors/workflow/local-memory.js";
import type { ScopeShape } from "../../actors/workflow/scope.js";
import type { Contender } from "../peers/graph/contender.js";
import { type Output, sourceInputs, step, type TaskGraph } from "../workloads/task-graph.js";

/**
 * The plain loop with the isolation of the engine: outputs are checked and copied into the memory of a scope, every reader is given a copy,
 * the last one the kept value. No task can change what another one sees.
 */
export const copies: Contender = {
  async open({ graph }) {
    const shape = shapeOf(graph);
    return { inFlightMax: 1, run: (input) => runWithCopies(graph, shape, input), close: async () => {} };
  },
};

function runWithCopies({ size, parents, sinks }: TaskGraph, shape: ScopeShape, input: Output): Output[] {
  const memory = new LocalMemory(shape);
  memory.putOwned(size, copyValue(input));
  const taken = (instance: number) => memory.take(instance, []) as Output; // what was put
  for (let task = 0; task < size; task++) {
    const from = parents[task]!;
    if (from.length === 0) {
      memory.put(task, step(sourceInputs(task, taken(size))), valueSizeMax);
      continue;
    }
    const inputs = new Array<Output>(from.length);
    for (let k = 0; k < from.length; k++) inputs[k] = taken(from[k]!);
    memory.put(task, step(inputs), valueSizeMax);
  }
  return sinks.map(taken);
}

/** Of one scope that holds the outputs of all tasks, in their order, and behind them the input of the run. */
function shapeOf({ size, parents, sinks }: TaskGraph): ScopeShape {
  const readers = new Int32Array(size + 1);
  for (const from of parents) for (const parent of from.length === 0 ? [size] : from) readers[parent]! += 1;
  for (const sink of sinks) readers[sink]! += 1;
  return {
    region: 0,
    count: 1,
    instances: size + 1,
    nodes: size,
    width: 1,
    nodesPerElement: size,
    nodeOf: (instance) => instance,
    elementOf: () => 0,
    baseOf: () => 0,
    missingOf: () => 0,
    readersOf: (instance) => readers[instance]!,
  };
}
