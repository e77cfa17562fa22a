import { adaptive } from "./adaptive.js";
import { cost } from "./cost.js";
import { criticalPath } from "./critical-path.js";
import { deadline, deadlineShed } from "./deadline.js";
import { builtIn, type PolicyDefinition } from "./definition.js";
import { Fifo } from "./fifo.js";
import { learned } from "./learned.js";
import type { Policy, PolicyTools, Schedulable } from "./policy.js";
import { priority } from "./priority.js";
import { random } from "./random.js";
import { Ranked } from "./ranked.js";
import { sjf } from "./sjf.js";

export type { Bandit, BanditSnapshot, Switch } from "./bandit.js";
export {
  type CustomPolicy,
  type PolicyDefinition,
  type PolicyOptions,
  type PolicyOrder,
  policy,
  policyDefinitionOf,
} from "./definition.js";
export { Fifo } from "./fifo.js";
export type { KindSnapshot } from "./kind-model.js";
export type { LateLog, LateTask } from "./late-log.js";
export { type Learner, Learners } from "./learner.js";
export type { Observation, Policy, PolicyTools, Schedulable, TaskFacts } from "./policy.js";
export { agingMs } from "./priority.js";
export { Ranked, type TaskOrder } from "./ranked.js";
export { RunTimeModel, type RunTimeSnapshot } from "./run-time-model.js";

const fifo = builtIn("fifo", { create: <Task extends Schedulable>() => new Fifo<Task>() });

const policies: Readonly<Record<string, PolicyDefinition>> = Object.fromEntries(
  [fifo, priority, sjf, cost, criticalPath, deadline, deadlineShed, learned, adaptive, random].map((definition) => [
    definition.name,
    definition,
  ]),
);

/** Names by which some policies go elsewhere. */
const aliases: Readonly<Record<string, string>> = {
  "cost-optimized": "cost",
  "deadline-aware": "deadline",
  "ml-based": "learned",
};

/** Names that an engine's `scheduler` option takes, beside their aliases. */
export const policyNames: readonly string[] = Object.keys(policies);

/** One of DataFlower's own policies by its name or alias; undefined when none has it. */
export function builtInPolicy(name: string): PolicyDefinition | undefined {
  const known = Object.hasOwn(aliases, name) ? (aliases[name] as string) : name;
  return Object.hasOwn(policies, known) ? policies[known] : undefined;
}

/** A new, empty policy. */
export function createPolicy<Task extends Schedulable>({ name, order }: PolicyDefinition, tools: PolicyTools): Policy<Task> {
  return "create" in order ? order.create<Task>(tools) : new Ranked<Task>(name, order);
}
