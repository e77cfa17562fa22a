import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CostedFunction } from "./costed-function.js";
import { chainsOf, costedFunctions, everySize, fourSizes } from "./functions.arbitrary.js";
import { type Choice, choicesOf } from "./invocation-choices.js";
import type { FunctionPrices } from "./prices.js";
import { cheapestChoices, fastestMs, type Group, makespanMs } from "./time-windows.js";

const groupsOf = (functions: readonly CostedFunction[], prices: FunctionPrices): readonly Group[] =>
  functions.map(({ after }, position) => ({ choices: choicesOf(functions, [position], 1, prices), after }));

const usdOf = (choices: readonly Choice[]): number => choices.reduce((sum, { usd }) => sum + usd, 0);

/** What a chain costs at least, by what each number of ms is enough for. */
function chainUsd(groups: readonly Group[], deadlineMs: number): number {
  let least = new Float64Array(deadlineMs + 1);
  for (const { choices } of groups) {
    const next = new Float64Array(deadlineMs + 1).fill(Number.POSITIVE_INFINITY);
    for (const { ms, usd } of choices)
      for (let end = ms; end <= deadlineMs; end++) next[end] = Math.min(next[end]!, least[end - ms]! + usd);
    least = next;
  }
  return least.at(-1)!;
}

/** What any graph costs at least, by all choices of all groups. */
function leastUsd(groups: readonly Group[], deadlineMs: number): number {
  let least = Number.POSITIVE_INFINITY;
  const chosen: Choice[] = [];
  const choose = (): void => {
    if (chosen.length === groups.length) {
      if (makespanMs(groups, (group) => chosen[group]!.ms) <= deadlineMs) least = Math.min(least, usdOf(chosen));
      return;
    }
    for (const choice of groups[chosen.length]!.choices) {
      chosen.push(choice);
      choose();
      chosen.pop();
    }
  };
  choose();
  return least;
}

const stretch = fc.double({ min: 1, max: 3, noNaN: true });

describe("cheapestChoices", () => {
  test("there are none for a deadline that the fastest ones miss", () => {
    const groups = groupsOf([{ name: "f", ioMs: 10, cpuMs: 10, peakMb: 64, after: [] }], everySize);
    expect(fastestMs(groups)).toBe(20);
    expect(cheapestChoices(groups, 19.9, 1)).toBe(undefined);
    expect(cheapestChoices(groups, 20, 1)).toMatchObject([{ sizeMb: 1_769 }]);
  });

  test("what runs side by side slows down together, as far as what follows leaves it time", () => {
    const wide = Array.from({ length: 5 }, (_, position) => ({ name: `f${position}`, ioMs: 100, cpuMs: 100, peakMb: 64, after: [] }));
    const choices = cheapestChoices(groupsOf([...wide, { ...wide[0]!, after: [0, 1, 2, 3, 4] }], everySize), 600, 1)!;
    expect(new Set(choices.slice(0, 5).map(({ sizeMb }) => sizeMb)).size).toBe(1);
    expect(choices[0]!.sizeMb).toBeLessThan(choices[5]!.sizeMb);
  });

  test("chains: within 0.3 % of what a table of all times finds", () => {
    fc.assert(
      fc.property(chainsOf(4), stretch, (functions, factor) => {
        const groups = groupsOf(functions, everySize);
        const deadlineMs = Math.floor(fastestMs(groups) * factor);
        const [found, least] = [usdOf(cheapestChoices(groups, deadlineMs, 1)!), chainUsd(groups, deadlineMs)];
        expect(found).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        expect(found).toBeLessThanOrEqual(least * 1.003);
      }),
      { numRuns: 60 },
    );
  });

  test("graphs of few sizes: in time, 19 of 20 the cheapest that there are, and none dearer by a tenth", () => {
    const ratios: number[] = [];
    fc.assert(
      fc.property(costedFunctions(5), stretch, (functions, factor) => {
        const groups = groupsOf(functions, fourSizes);
        const deadlineMs = fastestMs(groups) * factor;
        const choices = cheapestChoices(groups, deadlineMs, 1)!;
        expect(makespanMs(groups, (group) => choices[group]!.ms)).toBeLessThanOrEqual(deadlineMs);
        const least = leastUsd(groups, deadlineMs);
        expect(usdOf(choices)).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        ratios.push(usdOf(choices) / least);
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(Math.max(...ratios)).toBeLessThan(1.1);
    expect(ratios.filter((ratio) => ratio > 1 + 1e-9).length).toBeLessThanOrEqual(10);
  });
});
