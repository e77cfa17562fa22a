import { cost } from "./cost.js";
import { criticalPath } from "./critical-path.js";
import { builtIn, type PolicyDefinition } from "./definition.js";
import { Fifo } from "./fifo.js";
import type { Policy, PolicyTools, Schedulable } from "./policy.js";
import { priority } from "./priority.js";
import { random } from "./random.js";
import { Ranked } from "./ranked.js";
import { sjf } from "./sjf.js";

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
export { agingMs } from "./priority.js";
export { Ranked, type TaskOrder } from "./ranked.js";

const fifo = builtIn("fifo", { create: <Task extends Schedulable>() => new Fifo<Task>() });

const policies: Readonly<Record<string, PolicyDefinition>> = Object.fromEntries(
  [fifo, priority, sjf, cost, criticalPath, random].map((definition) => [definition.name, definition]),
);

/** Names that an engine's `scheduler` option takes. */
export const policyNames: readonly string[] = Object.keys(policies);

/** One of DataFlower's own policies by its name; undefined when none has it. */
export function builtInPolicy(name: string): PolicyDefinition | undefined {
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
}

/** A new, empty policy. */
export function createPolicy<Task extends Schedulable>({ name, order }: PolicyDefinition, tools: PolicyTools): Policy<Task> {
  return "create" in order ? order.create<Task>(tools) : new Ranked<Task>(name, order);
}
