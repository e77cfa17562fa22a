import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { jsonOfCommandLine } from "../command-line.js";
import { machinesText, type ProcessCostsParameters, type ProcessCostsSample } from "./process-costs.js";

type Harness = typeof import("../fresh-process.js");

const packageRoot = fileURLToPath(new URL("../../../", import.meta.url));
const built = new URL("../../../dist/bench/harness/fresh-process.js", import.meta.url);
const { measureInFreshProcess }: Harness = await import(fileURLToPath(built));

const folder = mkdtempSync(join(tmpdir(), "process-costs-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** One task of 10 ms, simulated on machines. */
async function makespanOn(machines: string): Promise<number> {
  const [file, bag] = [join(folder, "machines.yaml"), join(folder, "bag.csv")];
  writeFileSync(file, machines);
  writeFileSync(bag, "submit_time,duration\n0,0.01\n");
  return (await jsonOfCommandLine<{ makespanMs: number }>(packageRoot, ["simulate", bag, "--machines", file])).makespanMs;
}

test("a process's cold start is measured, and makes the simulator's machines as slow to begin", async () => {
  const parameters: ProcessCostsParameters = { measure: "process-costs", coldStarts: 5, warmHops: 20 };
  const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["process-echo"], parameters });
  const { coldStart, warmHop } = sample as ProcessCostsSample; // as: what this measurement prints
  expect([coldStart.count, warmHop.count]).toEqual([5, 20]);
  expect(warmHop.p50).toBeGreaterThan(0);
  expect(coldStart.p50).toBeGreaterThan(warmHop.p50);
  const makespanMs = await makespanOn(machinesText({ coldStart, warmHop }, 1, "10s"));
  expect(makespanMs).toBeCloseTo(10 + coldStart.p50 / 1e3, 2);
});
