import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CostedFunction } from "./costed-function.js";
import { costedFunctions } from "./functions.arbitrary.js";
import { planWorkers, type WorkerVerdict } from "./plan-workers.js";

const prices = { usdPerCoreHour: 0.037, usdPerGbHour: 0.00275 };
const of = (cpuMs: number, more: Partial<CostedFunction> = {}): CostedFunction => ({
  name: "f",
  ioMs: 0,
  cpuMs,
  peakMb: 64,
  after: [],
  ...more,
});
const planOf = (verdict: WorkerVerdict) => (verdict as Extract<WorkerVerdict, { kind: "planned" }>).plan;

describe("planWorkers", () => {
  test("rents as few workers as the deadline allows, where they would wait for each other", () => {
    const functions = [of(100), of(50), of(50), of(10, { after: [0, 1, 2] })];
    expect(planOf(planWorkers({ functions, deadlineMs: 110, prices })).workers.length).toBe(2);
    expect(planOf(planWorkers({ functions, deadlineMs: 300, prices })).workers.length).toBe(1);
  });

  test("charges core and memory from the first function to the last", () => {
    const hour = 3_600_000;
    const functions = [of(hour, { peakMb: 1_024 }), of(hour, { after: [0], peakMb: 2_048 })];
    expect(planOf(planWorkers({ functions, deadlineMs: 2 * hour, prices })).usd).toBeCloseTo(2 * (0.037 + 2 * 0.00275), 12);
  });

  test("tells the smallest deadline that there is a plan for", () => {
    const functions = [of(100), of(50, { after: [0], ioMs: 20 })];
    expect(planWorkers({ functions, deadlineMs: 169, prices })).toEqual({ kind: "deadline impossible", smallestMs: 170 });
    expect(planWorkers({ functions, deadlineMs: 170, prices }).kind).toBe("planned");
    expect(planWorkers({ functions: [of(1, { after: [0] })], deadlineMs: 9, prices }).kind).toBe("functions wait for each other");
    expect(planOf(planWorkers({ functions: [], deadlineMs: 0, prices }))).toEqual({ workers: [], usd: 0, makespanMs: 0 });
  });

  test("whatever is planned: each function once, behind those before it, one at a time on a worker, in time", () => {
    fc.assert(
      fc.property(costedFunctions(8), fc.double({ min: 1, max: 4, noNaN: true }), (functions, factor) => {
        const tight = planWorkers({ functions, deadlineMs: -1, prices }) as Extract<WorkerVerdict, { kind: "deadline impossible" }>;
        const deadlineMs = tight.smallestMs * factor;
        const { workers, makespanMs, usd } = planOf(planWorkers({ functions, deadlineMs, prices }));
        const times = new Map(workers.flatMap((worker) => worker.functions.map((one) => [one.position, one])));
        expect([...times.keys()].sort((a, b) => a - b)).toEqual([...functions.keys()]);
        expect(workers.flatMap((worker) => worker.functions).length).toBe(functions.length);
        for (const [position, { fromMs, toMs }] of times) {
          const { after, ioMs, cpuMs } = functions[position]!;
          expect(toMs - fromMs).toBeCloseTo(ioMs + cpuMs, 6);
          for (const before of after) expect(times.get(before)!.toMs).toBeLessThanOrEqual(fromMs);
        }
        let sum = 0;
        for (const worker of workers) {
          worker.functions.forEach(({ fromMs }, at) => void expect(worker.functions[at - 1]?.toMs ?? 0).toBeLessThanOrEqual(fromMs));
          const gb = Math.max(...worker.functions.map(({ position }) => functions[position]!.peakMb)) / 1_024;
          sum += ((worker.functions.at(-1)!.toMs - worker.functions[0]!.fromMs) / 3.6e6) * (0.037 + gb * 0.00275);
        }
        expect(usd).toBeCloseTo(sum, 12);
        expect(Math.max(...[...times.values()].map(({ toMs }) => toMs))).toBe(makespanMs);
        expect(makespanMs).toBeLessThanOrEqual(deadlineMs);
      }),
    );
  });
});
