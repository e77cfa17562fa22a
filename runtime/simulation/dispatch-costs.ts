import { DataFlowerError } from "../../actors/kernel/errors.js";
import { found } from "../authoring/found.js";

/** A duration in ms: always the same one, or drawn anew each time from numbers from 0 up to 1. */
export type Cost = (random: () => number) => number;

/** What an engine adds to the tasks themselves. */
export interface DispatchCosts {
  /** Of each attempt, on its worker, before it starts. */
  readonly dispatchMs: Cost;
  /** From one thread to another: until a ticket, a ring or a report can be seen there. */
  readonly hopMs: Cost;
  /** From the end of a run at its home until the control thread knows of it. */
  readonly commitMs: Cost;
}

const nothing: Cost = () => 0;

export const noCosts: DispatchCosts = { dispatchMs: nothing, hopMs: nothing, commitMs: nothing };

const names = ["dispatchUs", "hopUs", "commitUs"] as const;
const shares = { p50: 0.5, p90: 0.9, p99: 0.99, max: 1 } as const;
const percentiles = Object.keys(shares) as (keyof typeof shares)[];
const usPerMs = 1000;

/**
 * Reads measured costs: a JSON object of `dispatchUs`, `hopUs` and `commitUs`, each a number of µs or an object of `p50`, `p90`, `p99`
 * and `max` in µs. Between percentiles a cost is drawn piecewise linearly; the lower half counts as the median. What is not named is 0.
 *
 * @param file what errors call the text
 * @throws DF_SPEC_INVALID
 */
export function parseDispatchCosts(text: string, file: string): DispatchCosts {
  const given = parseObject(text, file);
  const unknown = Object.keys(given).find((name) => !(names as readonly string[]).includes(name));
  if (unknown !== undefined) refuse(file, `costs are ${names.join(", ")}`, unknown);
  const cost = (name: (typeof names)[number]): Cost => (Object.hasOwn(given, name) ? costOf(given[name], `${file}: ${name}`) : nothing);
  return { dispatchMs: cost("dispatchUs"), hopMs: cost("hopUs"), commitMs: cost("commitUs") };
}

function parseObject(text: string, file: string): Readonly<Record<string, unknown>> {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    refuse(file, "the file must be JSON", messageOf(cause));
  }
  return isObject(given) ? given : refuse(file, "the file must be an object", found(given));
}

function costOf(given: unknown, where: string): Cost {
  if (isObject(given)) return drawn(given, where);
  const ms = requireUs(given, where) / usPerMs;
  return () => ms;
}

function drawn(given: Readonly<Record<string, unknown>>, where: string): Cost {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(shares, name));
  if (unknown !== undefined) refuse(where, `a cost is a number, or ${percentiles.join(", ")}`, unknown);
  const ms = percentiles.map((name) => requireUs(given[name], `${where}.${name}`) / usPerMs);
  const falls = percentiles.find((_, at) => at > 0 && (ms[at] as number) < (ms[at - 1] as number));
  if (falls !== undefined) refuse(where, "percentiles must not fall", `${falls} below the one before it`);
  return (random) => at(ms, random());
}

/** The value below which a share of all draws lies. */
function at(ms: readonly number[], share: number): number {
  let upper = 0;
  while (share > shares[percentiles[upper] as keyof typeof shares]) upper += 1; // max is 1, which no share exceeds
  if (upper === 0) return ms[0] as number;
  const from = shares[percentiles[upper - 1] as keyof typeof shares];
  const to = shares[percentiles[upper] as keyof typeof shares];
  const low = ms[upper - 1] as number;
  return low + (((ms[upper] as number) - low) * (share - from)) / (to - from);
}

function requireUs(value: unknown, where: string): number {
  if (typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY) return value;
  refuse(where, "a cost is a number of µs that is not negative", found(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(where: string, rule: string, what: string): never {
  throw new DataFlowerError("DF_SPEC_INVALID", `Cannot use the costs of ${where} as ${rule}: found ${what}`);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
