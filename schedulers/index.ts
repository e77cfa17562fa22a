import type { PolicyDefinition } from "./definition.js";
import { Fifo } from "./fifo.js";
import type { Policy, PolicyTools, Schedulable } from "./policy.js";

export {
  type CustomPolicy,
  type PolicyDefinition,
  type PolicyOptions,
  type PolicyOrder,
  policy,
  policyDefinitionOf,
} from "./definition.js";
export { Fifo } from "./fifo.js";
export type { Observation, Policy, PolicyTools, Schedulable, TaskFacts } from "./policy.js";

const policies: Readonly<Record<string, PolicyDefinition>> = {
  fifo: builtIn("fifo", () => new Fifo()),
};

function builtIn(name: string, create: <Task extends Schedulable>(tools: PolicyTools) => Policy<Task>): PolicyDefinition {
  return Object.freeze({ name, module: undefined, order: { create } });
}

/** Names that an engine's `scheduler` option takes. */
export const policyNames: readonly string[] = Object.keys(policies);

/** One of DataFlower's own policies by its name; undefined when none has it. */
export function builtInPolicy(name: string): PolicyDefinition | undefined {
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
}

/** A new, empty policy. */
export function createPolicy<Task extends Schedulable>({ order }: PolicyDefinition, tools: PolicyTools): Policy<Task> {
  if ("create" in order) return order.create<Task>(tools);
  throw new Error("not yet");
}
