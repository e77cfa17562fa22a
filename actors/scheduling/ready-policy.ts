import { createPolicy, type Policy, type PolicyDefinition, type PolicyTools, type Schedulable } from "../../schedulers/index.js";
import { DataFlowerError } from "../kernel/errors.js";
import { thrownText } from "../kernel/thrown-text.js";
import { breach, CheckedPolicy } from "./checked-policy.js";
import type { Refusable } from "./refusable.js";

const methods = ["insert", "take", "remove", "reprioritise"] as const satisfies readonly (keyof Policy)[];

/** A new, empty policy, guarded if it is not one of DataFlower's own. */
export function createReadyPolicy<Task extends Refusable>(definition: PolicyDefinition, tools: PolicyTools): Policy<Task> {
  if (definition.module === undefined) return createPolicy<Task>(definition, { ...tools, shed });
  const guarded = withCheckedRank(definition);
  return new CheckedPolicy<Task>(definition.name, () => requireMethods(definition.name, createPolicy<Task>(guarded, tools)));
}

/** Only what is refusable is inserted. */
function shed(task: Schedulable, lateMs: number): void {
  const message = `Cannot start ${task.task} as its run must be able to end by its deadline: it would be ${Math.ceil(lateMs)} ms late at best`;
  (task as Refusable).refuse(new DataFlowerError("DF_DEADLINE_MISSED", message, { runId: task.runId }));
}

function withCheckedRank(definition: PolicyDefinition): PolicyDefinition {
  const { name, order } = definition;
  if (!("rank" in order)) return definition;
  const rank: typeof order.rank = (task, now) => {
    const value: unknown = order.rank(task, now);
    if (typeof value === "number" && !Number.isNaN(value)) return value;
    throw breach(name, "rank by numbers", thrownText(value));
  };
  return { ...definition, order: { rank } };
}

/** What a user's `create` gave is a policy as far as it can be seen. */
function requireMethods<Task extends Refusable>(name: string, given: Policy<Task>): Policy<Task> {
  const missing = methods.find((method) => typeof (given as Partial<Policy<Task>> | undefined)?.[method] !== "function");
  if (missing !== undefined) throw breach(name, `have a method ${missing}`, thrownText(given));
  return given;
}
