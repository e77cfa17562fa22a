import type { Policy, PolicyTools, Schedulable, TaskFacts } from "./policy.js";

/** How a policy says which of two tasks goes first. */
export type PolicyOrder =
  /** The task with the lowest rank goes first. Read once, when the task becomes ready. Infinity: behind all others, in FIFO order. */
  | { readonly rank: (task: TaskFacts, now: number) => number }
  /** Whether `a` goes before `b`: a strict weak order that does not change while they wait. Asked again at every comparison. */
  | { readonly before: (a: TaskFacts, b: TaskFacts) => boolean }
  /** The full interface, for those that keep a structure of their own: makes an empty one. */
  | { readonly create: <Task extends Schedulable>(tools: PolicyTools) => Policy<Task> };

export interface PolicyOptions {
  /** What it is called: 1 to 128 letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Where workers find it: `import.meta.url` of the module that exports it. Functions do not cross threads. */
  readonly module: string;
}

/** A policy by its name, and how one is made. */
export interface PolicyDefinition {
  readonly name: string;
  /** undefined: one of DataFlower's own. */
  readonly module: string | undefined;
  readonly order: PolicyOrder;
}

/** One of DataFlower's own. */
export function builtIn(name: string, order: PolicyOrder): PolicyDefinition {
  return Object.freeze({ name, module: undefined, order });
}

/** Registered, so that two copies of this package know each other's policies. */
const DEFINITION = Symbol.for("dataflower.policy");

/** What `policy()` returns: the value of an engine's `scheduler` option. */
export interface CustomPolicy {
  readonly name: string;
}

/**
 * Defines a scheduling policy.
 *
 * Nothing is checked here but when it is used: what is wrong is then DF_SCHEDULER_INVALID. A policy that throws, ranks by NaN, gives a
 * task twice or loses one ends the run at hand with DF_SCHEDULER_FAILED.
 *
 * @param order pure functions of what they are given: no time, randomness or thread of their own
 */
export function policy(options: PolicyOptions, order: PolicyOrder): CustomPolicy {
  const definition: PolicyDefinition = Object.freeze({ name: options.name, module: options.module, order });
  return Object.freeze({ name: options.name, [DEFINITION]: definition });
}

/** @returns the definition behind what policy() returned; undefined for anything else */
export function policyDefinitionOf(value: unknown): PolicyDefinition | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { readonly [DEFINITION]?: PolicyDefinition })[DEFINITION]; // only policy() sets this
}
