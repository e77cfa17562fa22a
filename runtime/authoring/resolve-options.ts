/**
 * Task options: what users may give → one function → what the runtime reads. Behind this file no option is optional.
 */

import type { ResolvedTaskOptions } from "../../actors/workflow/graph.js";
import {
  requireBoolean,
  requireDuration,
  requireInteger,
  requireNumber,
  requireOneOf,
  requireOptions,
  requireSize,
  requireTexts,
} from "./option-checks.js";
import type { MapOptions, ReduceOptions, Retry, TaskDefaults, TaskOptions } from "./task-options.js";

const minuteMs = 60_000;
const tenYearsMs = 3_650 * 24 * 60 * minuteMs;

export const attemptsMax = 10_000;
export const priorityMax = 1_000_000_000;
export const cpusMax = 1_024;
export const arityMax = 1_024;
export const concurrencyMax = 1_000_000;

const defaultNames = [
  "retry",
  "timeout",
  "heartbeatTimeout",
  "priority",
  "estimate",
  "cpus",
  "memory",
  "executor",
  "delivery",
  "onFailure",
] as const satisfies readonly (keyof TaskDefaults)[];
export const taskOptionNames = [...defaultNames, "name", "after", "fallback"] as const satisfies readonly (keyof TaskOptions<unknown>)[];
const reduceNames = [...taskOptionNames, "arity"] as const satisfies readonly (keyof ReduceOptions<unknown>)[];
const mapNames = ["name", "concurrency"] as const satisfies readonly (keyof MapOptions)[];
const retryNames = ["attempts", "backoff", "delay", "delayMax", "jitter", "nonRetryable"] as const satisfies readonly (keyof Retry)[];

type Given = Readonly<Record<string, unknown>>;

/** Options of a map, filled in. `concurrency` 0: all elements at a time. */
export function resolveMapOptions(given: unknown, path: string): { readonly name: unknown; readonly concurrency: number } {
  const { name, concurrency } = requireOptions(path, given, mapNames);
  return {
    name,
    concurrency: concurrency === undefined ? 0 : requireInteger(`${path}.concurrency`, concurrency, { min: 1, max: concurrencyMax }),
  };
}

/** @returns values that one call of a reduce merges */
export function resolveArity(given: unknown, path: string): number {
  const { arity } = requireOptions(path, given, reduceNames);
  return arity === undefined ? 2 : requireInteger(`${path}.arity`, arity, { min: 2, max: arityMax });
}

/** Checks the defaults of a workflow; its tasks merge them with their own options. */
export function checkTaskDefaults(given: unknown, path: string): TaskDefaults {
  const defaults = requireOptions(path, given, defaultNames);
  resolve(defaults, path);
  return defaults as TaskDefaults; // resolve() has checked every member
}

/** Options of a task, its own before the workflow's defaults. `name` and `after` are the graph's affair and are not looked at. */
export function resolveTaskOptions(given: unknown, defaults: TaskDefaults, path: string): ResolvedTaskOptions {
  return resolve(merged(requireOptions(path, given, taskOptionNames), defaults), path);
}

/** As {@link resolveTaskOptions}, for the calls of a reduce. */
export function resolveReduceOptions(given: unknown, defaults: TaskDefaults, path: string): ResolvedTaskOptions {
  return resolve(merged(requireOptions(path, given, reduceNames), defaults), path);
}

/** What is given as undefined is not given, except a fallback: a task may well stand in with nothing. */
function merged(given: Given, defaults: TaskDefaults): Given {
  const all: Record<string, unknown> = { ...defaults };
  for (const name of Object.keys(given)) if (given[name] !== undefined || name === "fallback") all[name] = given[name];
  if (given.retry !== undefined && defaults.retry !== undefined) all.retry = mergedRetry(given.retry, defaults.retry);
  return all;
}

function mergedRetry(given: unknown, defaults: Retry | number): unknown {
  const own = typeof given === "number" ? { attempts: given } : given;
  if (typeof own !== "object" || own === null || Array.isArray(own)) return own;
  return { ...(typeof defaults === "number" ? { attempts: defaults } : defaults), ...own };
}

function resolve(given: Given, path: string): ResolvedTaskOptions {
  const { timeout = 5 * minuteMs, heartbeatTimeout = Number.POSITIVE_INFINITY, priority = 0, estimate, cpus, memory } = given;
  const { executor = "threads", delivery = "at-least-once", onFailure = "fail" } = given;
  const isInProcess = requireOneOf(`${path}.executor`, executor, ["threads", "process"]) === "process";
  return {
    ...resolveRetry(given.retry, `${path}.retry`),
    timeoutMs: resolveTimeout(`${path}.timeout`, timeout),
    heartbeatTimeoutMs: resolveTimeout(`${path}.heartbeatTimeout`, heartbeatTimeout),
    priority: requireInteger(`${path}.priority`, priority, { min: -priorityMax, max: priorityMax }),
    estimateMs: estimate === undefined ? undefined : requireDuration(`${path}.estimate`, estimate, { min: 0, max: tenYearsMs }),
    cpus: cpus === undefined ? undefined : requireNumber(`${path}.cpus`, cpus, { min: 0, max: cpusMax }),
    memoryBytes: memory === undefined ? undefined : requireSize(`${path}.memory`, memory, { min: 1, max: 2 ** 50 }),
    ...(isInProcess ? { executor: "process" } : {}),
    delivery: requireOneOf(`${path}.delivery`, delivery, ["at-least-once", "at-most-once"]),
    onFailure: requireOneOf(`${path}.onFailure`, onFailure, ["fail", "skip-dependents"]),
    ...(Object.hasOwn(given, "fallback") ? { fallback: { value: given.fallback } } : {}),
  };
}

function resolveTimeout(path: string, value: unknown): number {
  return value === Number.POSITIVE_INFINITY ? value : requireDuration(path, value, { min: 1, max: tenYearsMs });
}

function resolveRetry(given: unknown, path: string) {
  const counted = typeof given === "number";
  const retry = counted ? { attempts: given } : requireOptions(path, given, retryNames);
  const { attempts = 3, backoff = "exponential", delay = 100, delayMax, jitter = true, nonRetryable = [] } = retry as Given;
  const delayMs = requireDuration(`${path}.delay`, delay, { min: 0, max: tenYearsMs });
  return {
    attempts: requireInteger(counted ? path : `${path}.attempts`, attempts, { min: 1, max: attemptsMax }),
    backoff: requireOneOf(`${path}.backoff`, backoff, ["fixed", "exponential"]),
    delayMs,
    delayMsMax: requireDuration(`${path}.delayMax`, delayMax ?? Math.max(minuteMs / 2, delayMs), { min: delayMs, max: tenYearsMs }),
    jitter: requireBoolean(`${path}.jitter`, jitter),
    nonRetryable: requireTexts(`${path}.nonRetryable`, nonRetryable),
  };
}
