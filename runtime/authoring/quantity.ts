/**
 * Quantities with a unit, as users write them: durations and sizes.
 */

/** Milliseconds as a number, or a number with a unit: `"250ms"`, `"30s"`, `"5m"`, `"1h"`, `"2d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

/** Bytes as a number, or a number with a unit: `"64KiB"`, `"256MiB"`, `"2GiB"`. */
export type Size = number | `${number}${"KiB" | "MiB" | "GiB"}`;

const msOf = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);
const bytesOf = new Map([
  ["KiB", 1024],
  ["MiB", 1024 ** 2],
  ["GiB", 1024 ** 3],
]);

/** @returns milliseconds, or NaN where `given` is no duration; limits are the caller's */
export const durationMs = (given: unknown): number => quantity(given, msOf);

/** @returns bytes, or NaN where `given` is no size; limits are the caller's */
export const sizeBytes = (given: unknown): number => quantity(given, bytesOf);

function quantity(given: unknown, units: ReadonlyMap<string, number>): number {
  if (typeof given === "number") return given;
  const [, number, unit = ""] = (typeof given === "string" && /^(\d+(?:\.\d+)?)([A-Za-z]+)$/.exec(given)) || [];
  return Number(number) * (units.get(unit) ?? Number.NaN);
}
