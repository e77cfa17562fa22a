import fc from "fast-check";
import type { CostedFunction } from "./costed-function.js";
import type { FunctionPrices } from "./prices.js";

/** As AWS Lambda's on x86, with memory sizes of one's own. */
export function pricesOf(memoryMb: FunctionPrices["memoryMb"]): FunctionPrices {
  return { usdPerGbSecond: 0.0000166667, usdPerMillionRequests: 0.2, roundingMs: 1, memoryMb, coreMb: 1769, durationMsMax: 900_000 };
}

export const everySize = pricesOf({ min: 128, max: 10_240, step: 1 });
/** 128, 675, 1,222, 1,769 MB. */
export const fourSizes = pricesOf({ min: 128, max: 1_769, step: 547 });

/** Graphs of so many functions at most, each behind those that it waits for. */
export function costedFunctions(countMax: number): fc.Arbitrary<readonly CostedFunction[]> {
  const one = fc.record({
    ioMs: fc.nat(300),
    cpuMs: fc.nat(300),
    peakMb: fc.constantFrom(64, 100, 600),
    parents: fc.array(fc.nat(countMax), { maxLength: 2 }),
  });
  return fc.array(one, { minLength: 1, maxLength: countMax }).map((given) =>
    given.map(({ parents, ...rest }, position) => ({
      ...rest,
      name: `f${position}`,
      after: [...new Set(parents.filter((parent) => parent < position))],
    })),
  );
}

/** Functions that follow each other. */
export function chainsOf(countMax: number): fc.Arbitrary<readonly CostedFunction[]> {
  return costedFunctions(countMax).map((functions) =>
    functions.map((one, position) => ({ ...one, after: position === 0 ? [] : [position - 1] })),
  );
}
