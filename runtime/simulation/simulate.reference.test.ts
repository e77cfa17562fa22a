import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseWfFormat } from "../authoring/wfformat/parse.js";
import { hasSharedData, sharedData, warnWithoutSharedData } from "../shared-data.fixture.js";
import { plainMachines } from "./machine.js";
import { readWorkload } from "./read-workload.js";
import { simulate } from "./simulate.js";
import { simulatedTrace } from "./trace-workload.js";

warnWithoutSharedData("simulations of recorded workloads");

const [header = [], ...references] = hasSharedData
  ? readFileSync(`${sharedData}wfinstances/reference.csv`, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(","))
  : [];

const policies: readonly (readonly [column: string, scheduler: string])[] = [
  ["fifo", "fifo"],
  ["sjf", "sjf"],
  ["hlf", "critical-path"],
];

describe.skipIf(!hasSharedData)("ideal list schedules of recorded workflows", () => {
  test("there are 25 to compare with", () => expect(references.length).toBe(25));

  test.each(references.map(([file = "", ...cells]) => [file, cells] as const))("%s", (file, cells) => {
    const workflow = simulatedTrace(parseWfFormat(readFileSync(`${sharedData}wfinstances/${file}`, "utf8"), file));
    const runs = [{ workflow, submitMs: 0, priority: 0, deadlineMs: undefined }];
    for (const machines of [2, 4, 8, 16]) {
      for (const [column, scheduler] of policies) {
        const expectedMs = Number(cells[header.indexOf(`${column}_P${machines}`) - 1]) * 1_000;
        const { makespanMs } = simulate({ runs, machines, scheduler });
        expect(Math.abs(makespanMs / expectedMs - 1), `${column} on ${machines}`).toBeLessThan(0.001);
      }
    }
  });
});

describe.skipIf(!hasSharedData)("mean waits of a recorded bag of tasks", () => {
  test.each([
    [2_000, 47, "fifo", 205_700],
    [2_000, 47, "sjf", 79_900],
    [31_756, 28, "fifo", 403_900],
    [31_756, 28, "sjf", 81_500],
  ])("the first %i on %i machines", (runs, count, scheduler, expectedMs) => {
    const machines = plainMachines(count);
    const files = [`${sharedData}alibaba-2017/cloudsimpy-jobs.csv`];
    const workload = readWorkload({ files, runs, machines, arrivals: undefined, load: undefined, seed: 1 });
    const { waitMs, tasks } = simulate({ runs: workload, machines, scheduler });
    expect(tasks).toBe(runs);
    expect(Math.abs(waitMs.mean / expectedMs - 1)).toBeLessThan(0.01);
  });
});
