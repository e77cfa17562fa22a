/**
 * What every option of the public face is checked by. A value that breaks its rule is DF_OPTION_INVALID: the path of the option,
 * the rule, and what was found instead.
 */

import { DataFlowerError } from "../../actors/kernel/errors.js";
import { found } from "./found.js";
import { durationMs, sizeBytes } from "./quantity.js";

export interface Range {
  readonly min: number;
  readonly max: number;
}

export function refuseOption(path: string, rule: string, value: unknown): never {
  throw new DataFlowerError("DF_OPTION_INVALID", `Cannot use option ${path} as it must be ${rule}: found ${found(value)}`);
}

/** The options object itself: a plain object with known names only. Nothing given is an empty one. */
export function requireOptions(path: string, value: unknown, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuseOption(path, "an object", value);
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    throw new DataFlowerError(
      "DF_OPTION_INVALID",
      `Cannot use option ${path}.${name} as there is none of that name: known are ${names.join(", ")}`,
    );
  }
  return value as Readonly<Record<string, unknown>>; // an object, whose members are checked one by one
}

export function requireInteger(path: string, value: unknown, { min, max }: Range): number {
  if (Number.isInteger(value) && inRange(value, min, max)) return value;
  refuseOption(path, `an integer from ${counted(min)} to ${counted(max)}`, value);
}

export function requireNumber(path: string, value: unknown, { min, max }: Range): number {
  if (inRange(value, min, max)) return value;
  refuseOption(path, `a number from ${counted(min)} to ${counted(max)}`, value);
}

/** @returns milliseconds */
export function requireDuration(path: string, value: unknown, { min, max }: Range): number {
  const ms = durationMs(value);
  if (inRange(ms, min, max)) return ms;
  refuseOption(
    path,
    `milliseconds or a text such as "250ms", "30s", "5m", "1h" or "2d", from ${counted(min)} to ${counted(max)} ms`,
    value,
  );
}

/** @returns bytes */
export function requireSize(path: string, value: unknown, { min, max }: Range): number {
  const bytes = sizeBytes(value);
  if (Number.isInteger(bytes) && inRange(bytes, min, max)) return bytes;
  refuseOption(path, `bytes or a text such as "64KiB", "256MiB" or "2GiB", from ${counted(min)} to ${counted(max)} bytes`, value);
}

export function requireOneOf<const T extends string>(path: string, value: unknown, allowed: readonly T[]): T {
  const match = allowed.find((one) => one === value);
  return match ?? refuseOption(path, allowed.map((one) => `"${one}"`).join(" or "), value);
}

export function requireBoolean(path: string, value: unknown): boolean {
  return typeof value === "boolean" ? value : refuseOption(path, "true or false", value);
}

export function requireTexts(path: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value;
  refuseOption(path, "a list of texts", value);
}

/** False for NaN, which compares with nothing. */
const inRange = (value: unknown, min: number, max: number): value is number => typeof value === "number" && value >= min && value <= max;

const counted = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: 3 });
