import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { plainMachines } from "./machine.js";
import { readWorkload, type WorkloadOptions } from "./read-workload.js";
import { expectRefusal } from "./refusals.fixture.js";

const folder = mkdtempSync(join(tmpdir(), "dataflower-workload-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "bag.csv");
writeFileSync(file, "submit_time,duration\n0,1\n2,3\n");

const timesOf = (options: WorkloadOptions): number[] => Array.from(readWorkload(options), ({ submitMs }) => submitMs);

describe("readWorkload", () => {
  test("needs no more than files", () => {
    expect(timesOf({ files: [file] })).toEqual([0, 2_000]);
    expect(timesOf({ files: [file], runs: 1 })).toEqual([0]);
  });

  test("scales to the load of machines", () => {
    expect(timesOf({ files: [file], load: 0.5, machines: plainMachines(2) })).toEqual([0, 4_000]);
  });

  test.each<[string, unknown, RegExp]>([
    ["no options", undefined, /workload\.files/],
    ["null", null, /workload .*an object/],
    ["no files", {}, /workload\.files/],
    ["an empty list of files", { files: [] }, /FILE/],
    ["a name that there is not", { files: [file], rate: 1 }, /workload\.rate/],
    ["a negative number of runs", { files: [file], runs: -1 }, /workload\.runs/],
    ["half a run", { files: [file], runs: 1.5 }, /workload\.runs/],
    ["more runs than there are", { files: [file], runs: 3 }, /at most the 2/],
    ["no load", { files: [file], load: 0, machines: plainMachines(1) }, /workload\.load/],
    ["a load of no machines", { files: [file], load: 1 }, /workload\.machines/],
    ["a load of machines that are none", { files: [file], load: 1, machines: [null] }, /workload\.machines\[0\]/],
    ["a seed that is no integer", { files: [file], seed: 0.5 }, /workload\.seed/],
    ["arrivals of no kind", { files: [file], arrivals: {} }, /workload\.arrivals/],
    ["arrivals that are null", { files: [file], arrivals: null }, /workload\.arrivals/],
    ["arrivals that never come", { files: [file], arrivals: { kind: "poisson", perSecond: 0 } }, /workload\.arrivals/],
  ])("refuses %s", (_, options, message) => {
    expectRefusal(() => readWorkload(options as WorkloadOptions), "DF_OPTION_INVALID", message);
  });
});
