import { describe, expect, test } from "vitest";
import { machinesOf } from "./machine-list.js";
import { seededRandom, streams } from "./seeded-random.js";
import { simulate } from "./simulate.js";
import type { SimulationResult } from "./simulation-result.js";
import { simulatedRecording } from "./trace.fixture.js";
import type { SimulatedRun } from "./workload.js";

const run = (ms: number, deadlineMs?: number): SimulatedRun => ({
  workflow: simulatedRecording({ name: `for ${ms} ms`, tasks: [{ ms, parents: [] }] }),
  submitMs: 0,
  priority: 0,
  deadlineMs,
});

const hour = 3_600_000;

/** On machines of four cores, each of which costs a dollar for every hour in which it does something. */
const simulated = (scheduler: string, runs: readonly SimulatedRun[], count = 1): SimulationResult =>
  simulate({ runs, machines: machinesOf("machines", [{ count, cores: 4, pricePerHour: 1 }]), scheduler });

/** Few long tasks among many short ones. */
function bagOf(seed: number): SimulatedRun[] {
  const random = seededRandom(seed, streams.arrivals);
  return Array.from({ length: 40 }, () => run(hour * 0.05 * (1 - random()) ** -0.8));
}

describe("the policy cost", () => {
  test("is done with a rented machine sooner: a long task does not come last", () => {
    const runs = [...Array.from({ length: 12 }, () => run(hour)), run(4 * hour)];
    expect(simulated("fifo", runs).costUsd).toBeCloseTo(7, 9);
    expect(simulated("cost", runs).costUsd).toBeCloseTo(4, 9);
  });

  test("over many bags of tasks, what is rented costs less than in other orders", () => {
    const bags = Array.from({ length: 30 }, (_, seed) => bagOf(seed));
    const usdOf = (scheduler: string): number => bags.reduce((sum, runs) => sum + simulated(scheduler, runs, 2).costUsd, 0);
    const usd = usdOf("cost");
    for (const other of ["fifo", "sjf", "random"]) expect(usd).toBeLessThan(usdOf(other));
  });

  test("keeps deadlines that leave no ample time, and the bill of machines that are never idle as it is", () => {
    const runs = [...Array.from({ length: 4 }, () => run(2 * hour)), ...Array.from({ length: 4 }, () => run(hour, 1.5 * hour))];
    expect(simulated("cost", runs).deadlineMisses).toBe(0);
    expect(simulated("fifo", runs).deadlineMisses).toBeGreaterThan(0);
    const alike = Array.from({ length: 8 }, () => run(hour));
    expect(simulated("cost", alike).costUsd).toBe(simulated("fifo", alike).costUsd);
  });
});
