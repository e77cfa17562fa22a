import { Fifo } from "./fifo.js";
import type { Policy, TaskFacts } from "./policy.js";

export { Fifo } from "./fifo.js";
export type { Policy, TaskFacts } from "./policy.js";

const policies: Readonly<Record<string, <Task extends TaskFacts>() => Policy<Task>>> = {
  fifo: <Task extends TaskFacts>() => new Fifo<Task>(),
};

/** Names that an engine's `scheduler` option takes. */
export const policyNames: readonly string[] = Object.keys(policies);

/** A new, empty policy by its name; undefined when no policy has it. */
export function createPolicy<Task extends TaskFacts>(name: string): Policy<Task> | undefined {
  return Object.hasOwn(policies, name) ? policies[name]?.<Task>() : undefined;
}
