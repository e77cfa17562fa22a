import type { ErrorCode } from "../kernel/errors.js";
import { errorName } from "../kernel/value-error.js";
import type { Failure } from "./failure.js";
import type { ResolvedTaskOptions } from "./graph.js";

/**
 * Attempts, in all, of a task that exhausted its thread's heap or its process's memory: each one costs a thread or process, and a thread
 * all that it was executing.
 */
export const outOfMemoryAttemptsMax = 2;

type RetryOptions = Pick<ResolvedTaskOptions, "attempts" | "nonRetryable">;
type DelayOptions = Pick<ResolvedTaskOptions, "backoff" | "delayMs" | "delayMsMax" | "jitter">;

/**
 * Whether another attempt may follow one that failed.
 *
 * What is refused is never repeated, nor what was lost, as all its attempts had been charged before, nor what no scheduler gave. What
 * was thrown may be named by `nonRetryable`, as may the code of a failure that nobody threw.
 *
 * @param attempt number of the attempt that failed
 */
export function mayRetry(options: RetryOptions, attempt: number, { kind, error }: Failure): boolean {
  if (kind === "crashed") return mayRetryCharged(options, { attempts: attempt, code: error.code });
  if (attempt >= options.attempts || !(kind === "threw" || kind === "timed-out")) return false;
  if (options.nonRetryable.length === 0) return true;
  const names = kind === "threw" ? namesOf(error.cause) : [error.code];
  return !names.some((name) => options.nonRetryable.includes(name));
}

/** Whether another attempt may follow those that ended with their threads or processes. */
export function mayRetryCharged(
  options: RetryOptions,
  { attempts, code }: { readonly attempts: number; readonly code: ErrorCode },
): boolean {
  const attemptsMax = code === "DF_TASK_OOM" ? Math.min(options.attempts, outOfMemoryAttemptsMax) : options.attempts;
  return attempts < attemptsMax && !options.nonRetryable.includes(code);
}

/**
 * Time between the end of a failed attempt and the next one, in ms; never more than `delayMsMax`.
 *
 * @param attempt number of the attempt that failed
 * @param random gives a number from 0 up to 1
 */
export function retryDelayMs({ backoff, delayMs, delayMsMax, jitter }: DelayOptions, attempt: number, random: () => number): number {
  if (delayMs === 0) return 0; // times an infinite power it would be no number
  const wholeMs = Math.min(backoff === "fixed" ? delayMs : delayMs * 2 ** (attempt - 1), delayMsMax);
  return jitter ? wholeMs * (0.5 + random() / 2) : wholeMs;
}

/** Name and code of what was thrown: an error, or an object that has them. Reading them may throw: then it has none. */
function namesOf(thrown: unknown): string[] {
  if (typeof thrown !== "object" || thrown === null) return [];
  const names = [read(() => (thrown instanceof Error ? errorName(thrown) : "name" in thrown && thrown.name))];
  names.push(read(() => "code" in thrown && thrown.code));
  return names.filter((name) => typeof name === "string" || typeof name === "number").map(String);
}

function read(property: () => unknown): unknown {
  try {
    return property();
  } catch {
    return undefined;
  }
}
