import { DataFlowerError } from "../../actors/kernel/errors.js";
import type { Assembler } from "../../actors/workflow/assemble.js";
import { NODE_EXPAND_MAP, NODE_EXPAND_REDUCE, NODE_TASK } from "../../actors/workflow/graph.js";
import { LoadedWorkflow } from "../../actors/workflow/loaded-workflow.js";
import { longestPathMs } from "./longest-path.js";
import { tenYearsMs } from "./ten-years.js";
import type { SimulatedWorkflow } from "./workload.js";

/** Values do not flow: tasks are given nothing and return nothing. */
const nothing: Assembler = () => undefined;

/** A workflow as the actors of a simulation hold it. */
export class SimulatedWork extends LoadedWorkflow {
  readonly simulated: SimulatedWorkflow;
  /** What no run of it can be shorter than, whatever it runs on. */
  readonly longestPathMs: number;

  /**
   * @param twin of the same family
   * @throws DF_SPEC_INVALID for a workflow that cannot be simulated
   */
  constructor(simulated: SimulatedWorkflow, twin: SimulatedWork | undefined) {
    checkGraph(simulated);
    const { name, graph, inputBytes } = simulated;
    const handlers = twin?.handlers ?? new Array<unknown>(graph.handlerCount).fill(undefined);
    super({ id: 0, name, graph, handlers, knownInputBytes: inputBytes, twin });
    if (twin === undefined) {
      this.assemblers.fill(nothing);
      this.resultAssemblers.push(nothing);
    }
    this.simulated = simulated;
    this.longestPathMs = longestPathMs(simulated);
  }
}

function checkGraph(workflow: SimulatedWorkflow): void {
  const { graph } = workflow;
  for (let node = 0; node < graph.nodeCount; node++) {
    const kind = graph.kind[node] as number;
    if (kind === NODE_EXPAND_MAP || kind === NODE_EXPAND_REDUCE) {
      refuse(workflow, "the number of its tasks must be known beforehand", `a map or reduce: ${graph.name(node)}`);
    }
    const ms = kind === NODE_TASK ? workflow.durationMs(node) : 0;
    if (!(ms >= 0 && ms <= tenYearsMs)) {
      refuse(workflow, "durations are not negative, and ten years at most", `${ms} ms for ${graph.name(node)}`);
    }
  }
}

function refuse({ name }: SimulatedWorkflow, rule: string, found: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot simulate workflow ${name} as ${rule}: found ${found}`);
}
