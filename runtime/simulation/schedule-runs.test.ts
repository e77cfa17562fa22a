import { describe, expect, test } from "vitest";
import { poissonArrivals } from "./arrivals.js";
import { readBag } from "./bag.js";
import { type Machine, plainMachines } from "./machine.js";
import { machinesOf } from "./machine-list.js";
import { expectRefusal } from "./refusals.fixture.js";
import { type ScheduleOptions, scheduleRuns } from "./schedule-runs.js";

const bag = readBag("submit_time,duration,cpu,deadline\n10,2,4,1\n20,4,1,\n30,6,0.5,\n", "bag.csv");

const times = (options: Partial<ScheduleOptions>): number[] => {
  const runs = scheduleRuns({ pool: bag, count: 3, arrivals: undefined, load: undefined, machines: plainMachines(2), ...options });
  return Array.from(runs, ({ submitMs }) => submitMs);
};

describe("scheduleRuns", () => {
  test("counts from the first submission", () => {
    expect(times({})).toEqual([0, 10_000, 20_000]);
    expect(times({ count: 2 })).toEqual([0, 10_000]);
  });

  test("takes arrivals instead, in order", () => {
    let next = 0;
    expect(times({ arrivals: { countMax: 3, next: () => (next++) ** 2 } })).toEqual([0, 1, 4]);
  });

  test("counts deadlines from the submission", () => {
    const [first, second] = scheduleRuns({ pool: bag, count: 2, arrivals: undefined, load: 0.5, machines: plainMachines(2) });
    expect(first?.deadlineMs).toBe(1_000);
    expect(second?.deadlineMs).toBe(undefined);
  });

  test("gives the same runs again and again", () => {
    const runs = scheduleRuns({ pool: bag, count: 3, arrivals: undefined, load: undefined, machines: plainMachines(2) });
    expect(Array.from(runs, ({ submitMs }) => submitMs)).toEqual(Array.from(runs, ({ submitMs }) => submitMs));
  });

  const workMs = (2 + 4 + 6) * 1_000;
  const coreMs = (2 * 4 + 4 * 1 + 6 * 0.5) * 1_000;
  test.each([
    ["plain machines by durations", plainMachines(2), 0.5, workMs],
    ["plain machines by durations", plainMachines(3), 2, workMs],
    ["others by the cores that tasks take, too", machinesOf("m", [{ cores: 4, count: 2 }]), 0.5, coreMs],
  ] as [string, readonly Machine[], number, number][])("scales the load of %s", (_, machines, load, offeredMs) => {
    const [first, second, last] = times({ machines, load }) as [number, number, number];
    const cores = machines.reduce((sum, machine) => sum + machine.cores, 0);
    expect(first).toBe(0);
    expect(offeredMs / (cores * last)).toBeCloseTo(load, 12);
    expect(second / last).toBeCloseTo(0.5, 12);
  });

  test("refuses times that lie too far apart", () => {
    expectRefusal(() => times({ load: Number.MIN_VALUE }), "DF_OPTION_INVALID", /--load .*ten years/);
    expectRefusal(() => times({ load: 1e-9 }), "DF_OPTION_INVALID", /--load .*ten years/);
    const rare = poissonArrivals(Number.MIN_VALUE, () => 0.5);
    expectRefusal(() => times({ arrivals: rare }), "DF_OPTION_INVALID", /--arrivals .*ten years/);
  });

  test("refuses to scale what comes at once, or takes no time", () => {
    expectRefusal(() => times({ count: 1, load: 1 }), "DF_OPTION_INVALID", /--load .*at once/);
    const idle = readBag("submit_time,duration\n0,0\n1,0\n", "idle.csv");
    expectRefusal(() => times({ pool: idle, count: 2, load: 1 }), "DF_OPTION_INVALID", /--load .*no task takes any time/);
  });
});
