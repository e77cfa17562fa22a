import { DataFlowerError } from "../../actors/kernel/errors.js";
import { type Graph, NODE_EXPAND_REDUCE, NODE_TASK } from "../../actors/workflow/graph.js";
import type { ResolvedEngineOptions } from "./options.js";

/**
 * Refuses a workflow with a task that could never start, as it reserves more than there is.
 *
 * @throws DF_OPTION_INVALID
 */
export function requireCapacity(workflow: string, graph: Graph, limits: Pick<ResolvedEngineOptions, "cpusMax" | "memoryBytesMax">): void {
  for (let node = 0; node < graph.nodeCount; node++) {
    if (graph.kind[node] !== NODE_TASK && graph.kind[node] !== NODE_EXPAND_REDUCE) continue;
    const { cpus = 0, memoryBytes = 0 } = graph.options(node);
    const option = `of task ${graph.name(node)} of workflow ${workflow}`;
    if (cpus > limits.cpusMax) refuse(`cpus ${option}`, `limits.cpusMax is ${limits.cpusMax}`, `${cpus}`);
    if (memoryBytes > limits.memoryBytesMax) {
      refuse(`memory ${option}`, `limits.memoryMax is ${limits.memoryBytesMax} bytes`, `${memoryBytes} bytes`);
    }
  }
}

function refuse(option: string, rule: string, found: string): never {
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot use option ${option} as ${rule}: found ${found}`);
}
