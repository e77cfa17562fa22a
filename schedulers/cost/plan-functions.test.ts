import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CostedFunction, runTimeMs } from "./costed-function.js";
import { costedFunctions, everySize, fourSizes } from "./functions.arbitrary.js";
import { type FunctionPlan, type FunctionVerdict, planFunctions, planOneSize } from "./plan-functions.js";
import type { FunctionPrices } from "./prices.js";

type Planned = Extract<FunctionVerdict, { kind: "planned" }>;

const of = (ioMs: number, cpuMs: number, more: Partial<CostedFunction> = {}): CostedFunction => ({
  name: "f",
  ioMs,
  cpuMs,
  peakMb: 64,
  after: [],
  ...more,
});

/** What a plan costs and when it has ended, by executing it from one event to the next. Throws for one that cannot be executed. */
function executed(
  functions: readonly CostedFunction[],
  { invocations }: FunctionPlan,
  prices: FunctionPrices,
): { usd: number; ms: number } {
  const endsMs = new Map<number, number>();
  const waiting = new Set(invocations);
  let usd = 0;
  while (waiting.size > 0) {
    const next = [...waiting].find((one) =>
      one.functions.every((at) => functions[at]!.after.every((b) => one.functions.includes(b) || endsMs.has(b))),
    );
    if (next === undefined) throw new Error("invocations wait for each other");
    waiting.delete(next);
    const outside = next.functions.flatMap((at) => functions[at]!.after.filter((before) => !next.functions.includes(before)));
    const beginsMs = Math.max(0, ...outside.map((before) => endsMs.get(before)!));
    const lastsMs = Math.ceil(lanesMs(functions, next, next.sizeMb / prices.coreMb) - 1e-6);
    usd += prices.usdPerMillionRequests / 1e6 + ((next.sizeMb * lastsMs) / 1_024_000) * prices.usdPerGbSecond;
    for (const at of next.functions) {
      if (endsMs.has(at)) throw new Error("a function is executed twice");
      endsMs.set(at, beginsMs + lastsMs);
    }
  }
  if (endsMs.size !== functions.length) throw new Error("a function is not executed");
  return { usd, ms: Math.max(...endsMs.values()) };
}

/** How long one invocation takes: by the times at which each lane is free, one start after the other. */
function lanesMs(
  functions: readonly CostedFunction[],
  { functions: members, lanes, sizeMb }: FunctionPlan["invocations"][0],
  cores: number,
): number {
  const freeMs = Array.from({ length: lanes }, () => 0);
  const times = new Map<number, { readonly from: number; readonly to: number }>();
  const readyMs = (at: number): number =>
    Math.max(
      0,
      ...functions[at]!.after.filter((before) => members.includes(before)).map(
        (before) => times.get(before)?.to ?? Number.POSITIVE_INFINITY,
      ),
    );
  while (times.size < members.length) {
    const lane = freeMs.indexOf(Math.min(...freeMs));
    const left = members.filter((at) => !times.has(at));
    const from = Math.max(freeMs[lane]!, Math.min(...left.map(readyMs)));
    const at = left.find((one) => readyMs(one) <= from)!;
    const to = from + runTimeMs(functions[at]!, cores / lanes);
    times.set(at, { from, to });
    freeMs[lane] = to;
    const beside = [...times].filter(([, time]) => time.from <= from && from < time.to);
    expect(beside.reduce((sum, [one]) => sum + functions[one]!.peakMb, 0)).toBeLessThanOrEqual(sizeMb);
  }
  return Math.max(...freeMs);
}

/** Every way to put functions into groups. */
function* partitionsOf(count: number): Generator<readonly (readonly number[])[]> {
  if (count === 0) return void (yield []);
  for (const groups of partitionsOf(count - 1)) {
    yield [...groups, [count - 1]];
    for (let at = 0; at < groups.length; at++) yield groups.map((members, group) => (group === at ? [...members, count - 1] : members));
  }
}

/** The least that functions one after the other in one invocation each cost: all groups, all memory sizes. */
function leastUsd(functions: readonly CostedFunction[], deadlineMs: number, prices: FunctionPrices, sizes: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const groups of partitionsOf(functions.length)) {
    const assign = (chosen: readonly number[]): void => {
      if (chosen.length < groups.length) {
        for (const sizeMb of sizes) assign([...chosen, sizeMb]);
        return;
      }
      const invocations = groups.map((members, at) => ({ functions: members, sizeMb: chosen[at]!, lanes: 1, ms: 0, usd: 0, after: [] }));
      if (groups.some((members, at) => members.some((position) => functions[position]!.peakMb > chosen[at]!))) return;
      const { usd, ms } = executed(functions, { invocations, usd: 0, makespanMs: 0 }, prices);
      if (ms <= deadlineMs) least = Math.min(least, usd);
    };
    try {
      assign([]);
    } catch {} // groups that wait for each other
  }
  return least;
}

const stretch = fc.double({ min: 1, max: 3, noNaN: true });

function planned(functions: readonly CostedFunction[], factor: number, prices: FunctionPrices): { deadlineMs: number; verdict: Planned } {
  const tight = planFunctions({ functions, deadlineMs: -1, prices });
  const deadlineMs = Math.floor(factor * (tight as Extract<FunctionVerdict, { kind: "deadline impossible" }>).smallestMs);
  return { deadlineMs, verdict: planFunctions({ functions, deadlineMs, prices }) as Planned };
}

describe("planFunctions", () => {
  test("whatever is planned: it costs what it says, ends when it says, in time, and each step makes it no dearer", () => {
    fc.assert(
      fc.property(costedFunctions(7), stretch, (functions, factor) => {
        const { deadlineMs, verdict } = planned(functions, factor, everySize);
        expect(verdict.kind).toBe("planned");
        for (const plan of [verdict.sized, verdict.fused, verdict.packed]) {
          const { usd, ms } = executed(functions, plan, everySize);
          expect(plan.usd).toBeCloseTo(usd, 12);
          expect(plan.makespanMs).toBeCloseTo(ms, 6);
          expect(ms).toBeLessThanOrEqual(deadlineMs + 1e-6);
        }
        expect(verdict.sized.invocations.every((one) => one.functions.length === 1)).toBe(true);
        expect(verdict.fused.invocations.every(({ lanes }) => lanes === 1)).toBe(true);
        expect(verdict.fused.usd).toBeLessThanOrEqual(verdict.sized.usd);
        expect(verdict.packed.usd).toBeLessThanOrEqual(verdict.fused.usd);
      }),
      { numRuns: 60 },
    );
  });

  test("one memory size for all is no cheaper than a size for each", () => {
    fc.assert(
      fc.property(costedFunctions(5), stretch, (functions, factor) => {
        const { deadlineMs, verdict } = planned(functions, factor, fourSizes);
        const one = planOneSize({ functions, deadlineMs, prices: fourSizes });
        if (one === undefined) return;
        expect(new Set(one.invocations.map(({ sizeMb }) => sizeMb)).size).toBe(1);
        expect(one.makespanMs).toBeLessThanOrEqual(deadlineMs);
        expect(executed(functions, one, fourSizes).usd).toBeCloseTo(one.usd, 12);
        expect(verdict.sized.usd).toBeLessThanOrEqual(one.usd * 1.1); // the sizes are few: a heuristic
      }),
      { numRuns: 100, seed: 1 },
    );
  });

  test("fused plans, beside all groups and sizes that there are: nine of ten the cheapest, and none dearer by a fifth", () => {
    const ratios: number[] = [];
    fc.assert(
      fc.property(costedFunctions(4), stretch, (functions, factor) => {
        const { deadlineMs, verdict } = planned(functions, factor, fourSizes);
        const least = leastUsd(functions, deadlineMs, fourSizes, [128, 675, 1_222, 1_769]);
        expect(verdict.fused.usd).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        ratios.push(verdict.fused.usd / least);
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(Math.max(...ratios)).toBeLessThan(1.2);
    expect(ratios.filter((ratio) => ratio > 1 + 1e-9).length).toBeLessThanOrEqual(6);
  });

  test("short functions that follow each other share an invocation, and its fee", () => {
    const functions = [of(1, 1), of(1, 1, { after: [0] }), of(1, 1, { after: [1] })];
    const { fused } = planned(functions, 1, everySize).verdict;
    expect(fused.invocations.map((one) => one.functions)).toEqual([[0, 1, 2]]);
  });

  test("functions that wait side by side share the memory of one invocation", () => {
    const functions = [of(1_000, 1), of(1_000, 1)];
    const { fused, packed } = planned(functions, 1.05, everySize).verdict;
    expect(fused.invocations.length).toBe(2);
    expect(packed.invocations).toMatchObject([{ functions: [0, 1], lanes: 2 }]);
    expect(packed.usd).toBeLessThan(0.6 * fused.usd);
  });

  test("what would have to wait for itself is not joined", () => {
    const functions = [of(1, 1), of(500, 500, { after: [0], peakMb: 1_700 }), of(1, 1, { after: [1] })];
    for (const { functions: joined } of planned(functions, 1.2, everySize).verdict.packed.invocations) expect(joined).not.toEqual([0, 2]);
  });

  test("no functions cost nothing", () => {
    expect(planFunctions({ functions: [], deadlineMs: 0, prices: everySize })).toMatchObject({
      kind: "planned",
      packed: { usd: 0, makespanMs: 0 },
    });
  });

  test("tells the smallest deadline that there is a plan for", () => {
    const functions = [of(10, 10), of(10, 20, { after: [0] }), of(5, 5, { after: [0] })];
    expect(planFunctions({ functions, deadlineMs: 49.9, prices: everySize })).toEqual({ kind: "deadline impossible", smallestMs: 50 });
    expect(planFunctions({ functions, deadlineMs: 50, prices: everySize }).kind).toBe("planned");
  });

  test("tells which function cannot be executed at all", () => {
    const functions = [of(10, 10), of(10, 20, { peakMb: 10_241 })];
    expect(planFunctions({ functions, deadlineMs: 100, prices: everySize })).toEqual({ kind: "function impossible", position: 1 });
    expect(planOneSize({ functions, deadlineMs: 100, prices: everySize })).toBe(undefined);
  });

  test("tells of functions that wait for each other", () => {
    expect(planFunctions({ functions: [of(1, 1, { after: [0] })], deadlineMs: 9, prices: everySize }).kind).toBe(
      "functions wait for each other",
    );
  });
});
