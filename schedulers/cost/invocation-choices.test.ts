import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runTimeMs } from "./costed-function.js";
import { costedFunctions, everySize, fourSizes } from "./functions.arbitrary.js";
import { cheapestWithin, choicesOf } from "./invocation-choices.js";

const f = { name: "f", ioMs: 100, cpuMs: 1_769, peakMb: 64, after: [] };

describe("choicesOf", () => {
  test("what waits gets cheaper with less memory, and has no more than a core", () => {
    const choices = choicesOf([f], [0], 1, everySize);
    expect(choices[0]).toMatchObject({ sizeMb: 1_769, ms: 1_869, lanes: 1 });
    expect(choices.at(-1)).toMatchObject({ sizeMb: 128, ms: 100 + Math.ceil(1_769 ** 2 / 128) });
  });

  test("what only computes takes a whole core, as less of one is as dear and slower", () => {
    expect(choicesOf([{ ...f, ioMs: 0 }], [0], 1, fourSizes)).toMatchObject([{ sizeMb: 1_769, ms: 1_769 }]);
  });

  test("memory is never below what a function holds", () => {
    expect(choicesOf([{ ...f, peakMb: 1_000 }], [0], 1, fourSizes).map(({ sizeMb }) => sizeMb)).toEqual([1_769, 1_222]);
    expect(choicesOf([{ ...f, peakMb: 1_000 }], [0], 1, everySize).every(({ sizeMb }) => sizeMb >= 1_000)).toBe(true);
    expect(choicesOf([{ ...f, peakMb: 10_241 }], [0], 1, everySize)).toEqual([]);
  });

  test("what is not over when its invocation is ended is no choice", () => {
    expect(choicesOf([{ ...f, ioMs: 900_000 }], [0], 1, everySize)).toEqual([]);
    expect(choicesOf([{ ...f, ioMs: 890_000 }], [0], 1, everySize).every(({ ms }) => ms <= 900_000)).toBe(true);
  });

  test("functions side by side share their waiting", () => {
    const [pair, alone] = [choicesOf([f, f], [0, 1], 2, everySize), choicesOf([f], [0], 1, everySize)];
    expect(pair.at(-1)!.usd).toBeLessThan(2 * alone.at(-1)!.usd);
    expect(pair.some(({ lanes }) => lanes === 2)).toBe(true);
    expect(choicesOf([f, f], [0, 1], 1, everySize).every(({ lanes }) => lanes === 1)).toBe(true);
  });

  test("of single functions: all sizes that no other one beats, the fastest first", () => {
    fc.assert(
      fc.property(costedFunctions(1), ([one]) => {
        const sizes = [128, 675, 1_222, 1_769].filter((sizeMb) => sizeMb >= one!.peakMb);
        const all = sizes.map((sizeMb) => {
          const ms = Math.ceil(runTimeMs(one!, sizeMb / 1_769) - 1e-9);
          return { sizeMb, ms, usd: 0.0000002 + (sizeMb / 1024) * (ms / 1_000) * 0.0000166667 };
        });
        const isBeaten = (given: (typeof all)[0]) =>
          all.some(
            (other) => other !== given && other.ms <= given.ms && other.usd <= given.usd && (other.ms < given.ms || other.usd < given.usd),
          );
        const kept = all.filter((choice) => !isBeaten(choice)).sort((a, b) => a.ms - b.ms);
        const found = choicesOf([one!], [0], 1, fourSizes);
        expect(found.map(({ ms }) => ms)).toEqual([...new Set(kept.map(({ ms }) => ms))]);
        found.forEach(({ usd }, at) => void expect(usd).toBeCloseTo(kept.find(({ ms }) => ms === found[at]!.ms)!.usd, 15));
      }),
    );
  });
});

test("cheapestWithin gives the slowest that is fast enough", () => {
  const choices = choicesOf([f], [0], 1, fourSizes);
  expect(cheapestWithin(choices, choices[0]!.ms - 1)).toBe(undefined);
  choices.forEach((choice, at) => {
    expect(cheapestWithin(choices, choice.ms)).toBe(choice);
    expect(cheapestWithin(choices, (choices[at + 1]?.ms ?? Number.POSITIVE_INFINITY) - 1)).toBe(choice);
  });
});
