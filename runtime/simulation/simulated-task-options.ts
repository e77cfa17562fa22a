import type { ResolvedTaskOptions } from "../../actors/workflow/graph.js";

/**
 * Options of a simulated task: those that tasks have by default, but no time-out.
 *
 * Written out: a spread takes microseconds, and there may be a million tasks.
 */
export function simulatedTaskOptions({ estimateMs, cpus, memoryBytes }: SimulatedNeeds): ResolvedTaskOptions {
  return {
    attempts: 3,
    backoff: "exponential",
    delayMs: 100,
    delayMsMax: 30_000,
    jitter: true,
    nonRetryable: [],
    timeoutMs: Number.POSITIVE_INFINITY,
    heartbeatTimeoutMs: Number.POSITIVE_INFINITY,
    priority: 0,
    estimateMs,
    cpus,
    memoryBytes,
    delivery: "at-least-once",
    onFailure: "fail",
  };
}

/** What is known of a simulated task. */
export type SimulatedNeeds = Pick<ResolvedTaskOptions, "estimateMs" | "cpus" | "memoryBytes">;
