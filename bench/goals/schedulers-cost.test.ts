import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FunctionPlan, plainMachines, readWorkload, simulate } from "dataflower/simulation";
import { afterAll, describe, expect, test } from "vitest";
import { verdictOf } from "./goal.js";
import { type CostSaving, measureCostSavings, savedShares } from "./schedulers-cost.js";
import { costFindings } from "./schedulers-cost-findings.js";

const savings = measureCostSavings(fileURLToPath(new URL("../../", import.meta.url)));
const cases = savings.map((saving) => [saving.workflow, saving.prices, saving] as const);

const folder = mkdtempSync(join(tmpdir(), "cost-plans-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** By the name of the prices: for a GB and a second, as AWS lists them. */
const usdPerGbSecond: Readonly<Record<string, number>> = { "lambda-x86": 0.0000166667, "lambda-arm": 0.0000133334 };

/** Of an invocation whose functions run one after the other, or all side by side: from the model's formula alone. */
function durationMs({ functions }: CostSaving, { functions: members, sizeMb, lanes }: FunctionPlan["invocations"][0]): number {
  const slowdown = Math.max(1, (1769 * lanes) / sizeMb);
  const times = members.map((position) => functions[position]!.ioMs + functions[position]!.cpuMs * slowdown);
  expect(lanes === 1 || lanes === members.length).toBe(true);
  return Math.ceil(lanes === 1 ? times.reduce((sum, ms) => sum + ms) : Math.max(...times));
}

function heldMb({ functions }: CostSaving, { functions: members, lanes }: FunctionPlan["invocations"][0]): number {
  const peaks = members.map((position) => functions[position]!.peakMb);
  return lanes === 1 ? Math.max(...peaks) : peaks.reduce((sum, peak) => sum + peak);
}

/** A recording of the plan's invocations, as if they had been executed. */
function recordingOf({ invocations }: FunctionPlan): object {
  const id = (at: number): string => `invocation_${at}`;
  const children = (at: number): string[] => invocations.flatMap(({ after }, child) => (after.includes(at) ? [id(child)] : []));
  const tasks = invocations.map(({ after }, at) => ({ name: id(at), id: id(at), parents: after.map(id), children: children(at) }));
  const execution = {
    makespanInSeconds: 1,
    executedAt: "2026-05-11T00:00:00Z",
    tasks: invocations.map(({ ms }, at) => ({ id: id(at), runtimeInSeconds: ms / 1e3 })),
  };
  return { name: "plan", schemaVersion: "1.5", workflow: { specification: { tasks, files: [] }, execution } };
}

function simulatedMs(name: string, plan: FunctionPlan): number {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(recordingOf(plan)));
  const machines = plan.invocations.length;
  return simulate({ runs: readWorkload({ files: [file] }), machines: plainMachines(machines) }).makespanMs;
}

test("there is a plan for each of the four workflows on both processors", () => {
  expect(new Set(savings.map(({ workflow, prices }) => `${workflow} ${prices}`)).size).toBe(8);
});

describe.each(cases)("the plan for %s on %s", (workflow, prices, saving) => {
  const { plans, deadlineMs, criticalPathMs, functions } = saving;
  const steps = Object.entries(plans) as [keyof CostSaving["plans"], FunctionPlan][];

  test("is compared with deadlines of 1.2 times the longest path at full speed", () => {
    const ends: number[] = [];
    for (const { ioMs, cpuMs, after } of functions) ends.push(ioMs + cpuMs + Math.max(0, ...after.map((before) => ends[before]!)));
    expect(criticalPathMs).toBeCloseTo(Math.max(...ends), 9);
    expect(deadlineMs).toBeCloseTo(1.2 * criticalPathMs, 9);
  });

  test.each(steps)("%s: executes each function once, with enough memory, at the cost that it says", (_, plan) => {
    expect(plan.invocations.flatMap((one) => one.functions).sort((a, b) => a - b)).toEqual([...functions.keys()]);
    let usd = 0;
    for (const invocation of plan.invocations) {
      const { sizeMb, ms } = invocation;
      expect(Number.isInteger(sizeMb) && sizeMb >= 128 && sizeMb <= 10_240).toBe(true);
      expect(sizeMb).toBeGreaterThanOrEqual(heldMb(saving, invocation));
      expect(ms).toBe(durationMs(saving, invocation));
      usd += 0.2 / 1e6 + (sizeMb / 1024) * (ms / 1e3) * usdPerGbSecond[prices]!;
    }
    expect(plan.usd).toBeCloseTo(usd, 15);
  });

  test.each(steps)("%s: ends in the simulator when it says, by the deadline", (step, plan) => {
    const groupOf = new Map(plan.invocations.flatMap((one, group) => one.functions.map((position) => [position, group])));
    plan.invocations.forEach(({ functions: members, after }, group) => {
      const outside = members
        .flatMap((position) => functions[position]!.after.map((before) => groupOf.get(before)!))
        .filter((one) => one !== group);
      expect(new Set(after)).toEqual(new Set(outside));
    });
    const makespanMs = simulatedMs(`${workflow}-${prices}-${step}`, plan);
    expect(makespanMs).toBeCloseTo(plan.makespanMs, 6);
    expect(makespanMs).toBeLessThanOrEqual(deadlineMs);
  });

  test("no other single size that meets the deadline is cheaper", () => {
    const [first] = plans.oneSize.invocations;
    expect(plans.oneSize.invocations.every(({ sizeMb, functions: members }) => sizeMb === first!.sizeMb && members.length === 1)).toBe(
      true,
    );
    for (let sizeMb = Math.max(...functions.map(({ peakMb }) => Math.ceil(peakMb))); sizeMb <= 10_240; sizeMb += 1) {
      const timesMs = functions.map(({ ioMs, cpuMs }) => Math.ceil(ioMs + cpuMs * Math.max(1, 1769 / sizeMb)));
      const ends: number[] = [];
      functions.forEach(({ after }, at) => void ends.push(timesMs[at]! + Math.max(0, ...after.map((before) => ends[before]!))));
      const usd = timesMs.reduce((sum, ms) => sum + 0.2 / 1e6 + (sizeMb / 1024) * (ms / 1e3) * usdPerGbSecond[prices]!, 0);
      if (Math.max(...ends) <= deadlineMs) expect(usd).toBeGreaterThanOrEqual(plans.oneSize.usd * (1 - 1e-9));
    }
  });

  test("is no dearer after any step, and the steps add up", () => {
    const { sizing, fusing, packing, all } = savedShares(plans);
    expect([sizing, fusing, packing].every((share) => share >= 0)).toBe(true);
    expect(sizing + fusing + packing).toBeCloseTo(all, 12);
    expect(all).toBeCloseTo(1 - plans.packed.usd / plans.oneSize.usd, 12);
  });
});

test("what is saved is printed and not judged", () => {
  const findings = costFindings(savings);
  expect(findings.map(verdictOf)).toEqual(savings.map(() => ""));
  const [first] = findings;
  expect(first!.name).toMatch(
    /^cost of recognizer on lambda-x86, .*\$\d+\.\d\d → \$\d+\.\d\d .* sizing \d+\.\d\d %, fusing .* %, packing .* %$/,
  );
  expect(first!.estimate!.median).toBe(savedShares(savings[0]!.plans).all);
});
