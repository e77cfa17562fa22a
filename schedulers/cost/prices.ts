/** What functions that are billed by invocation cost, as AWS Lambda's. */
export interface FunctionPrices {
  /** For each GB of the memory size and each second of an invocation. A GB is 1,024 MB. */
  readonly usdPerGbSecond: number;
  /** For a million invocations. */
  readonly usdPerMillionRequests: number;
  /** Durations are rounded up to multiples of it, in ms. */
  readonly roundingMs: number;
  /** Memory sizes, in MB: from `min` in steps up to `max`. */
  readonly memoryMb: { readonly min: number; readonly max: number; readonly step: number };
  /** The memory size that has one core, in MB. Others have as much of a core, or as many, in proportion. */
  readonly coreMb: number;
  /** Longest invocation, in ms. */
  readonly durationMsMax: number;
}

/** What workers that are rented cost. */
export interface WorkerPrices {
  readonly usdPerCoreHour: number;
  readonly usdPerGbHour: number;
}

export const gbMb = 1024;
const secondMs = 1_000;
const million = 1e6;
const noise = 1e-9;

/** Smallest memory size that holds so much; undefined when none does. */
export function sizeMbFor(heldMb: number, { memoryMb: { min, max, step } }: FunctionPrices): number | undefined {
  const sizeMb = min + Math.max(0, Math.ceil((heldMb - min) / step)) * step;
  return sizeMb <= max ? sizeMb : undefined;
}

/** A duration as it is billed, in ms. What floating point adds to a whole multiple is no more. */
export function billedMs(durationMs: number, { roundingMs }: FunctionPrices): number {
  return Math.max(0, Math.ceil(durationMs / roundingMs - noise)) * roundingMs;
}

/** One invocation. @param ms as billed */
export function invocationUsd(sizeMb: number, ms: number, { usdPerGbSecond, usdPerMillionRequests }: FunctionPrices): number {
  return usdPerMillionRequests / million + (sizeMb / gbMb) * (ms / secondMs) * usdPerGbSecond;
}
