import { describe, expect, test } from "vitest";
import { type Machine, plainMachines } from "./machine.js";
import { MachineUse } from "./machine-use.js";

const [plain] = plainMachines(1) as [Machine];
const machine = { ...plain, cores: 2, coldStartMs: 50, keepAliveMs: 100, pricePerHour: 3_600_000 };

describe("MachineUse", () => {
  test("is cold at first, and when it has been idle for longer than it is kept alive", () => {
    const costs = new MachineUse(machine);
    const attempt = (from: number, to: number) => {
      const coldMs = costs.begin(from);
      costs.end(from, to);
      return coldMs;
    };
    expect([attempt(0, 60), attempt(160, 200), attempt(300.5, 400)]).toEqual([50, 0, 50]);
  });

  test("attempts that start while it is still starting wait for what is left of that", () => {
    const costs = new MachineUse(machine);
    expect([costs.begin(10), costs.begin(10), costs.begin(59), costs.begin(60)]).toEqual([50, 50, 1, 0]);
  });

  test("goes on to start when its first attempt is taken back", () => {
    const costs = new MachineUse(machine);
    costs.begin(0);
    costs.end(0, 20);
    expect(costs.begin(30)).toBe(20);
  });

  test("charges the time in which it executes at least one attempt, and counts that of its cores", () => {
    const costs = new MachineUse(machine);
    expect([costs.begin(10), costs.begin(20)]).toEqual([50, 40]);
    costs.end(10, 40);
    costs.end(20, 50);
    costs.begin(100);
    costs.end(100, 101);
    expect([costs.costUsd, costs.busyCoreMs]).toEqual([41, 61]);
  });

  test("fails attempts at its rate, somewhere on their way", () => {
    const draws = [0.24, 0.6, 0.25, 0.1];
    const costs = new MachineUse({ ...machine, failureRate: 0.25 });
    expect([costs.failsAt(() => draws.shift() as number), costs.failsAt(() => draws.shift() as number)]).toEqual([0.6, 1]);
    const never = new MachineUse(machine);
    expect(never.failsAt(() => draws.pop() as number)).toBe(1);
    expect(draws).toEqual([0.1]);
  });
});
