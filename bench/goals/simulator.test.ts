/** What the simulator's goals are measured with, small, on the compiled programs. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { jsonOfCommandLine } from "../harness/command-line.js";
import type { DispatchCostsParameters, DispatchCostsSample, MeasuredCosts, Percentiles } from "../harness/measurements/dispatch-costs.js";
import { type RecordedTrace, recordedTraces, sharedDataOf } from "../workloads/recorded-traces.js";
import { bagCases, measureBagWait } from "./bag-waits.js";
import { BIG_TRACE, measureBigSimulation } from "./big-simulation.js";
import { verdictOf } from "./goal.js";
import { idealSchedulesOf } from "./ideal-schedules.js";
import { measureSimulatorGoals } from "./simulator.js";
import { measureReplay, measureSimulatedReplay } from "./trace-replays.js";

type Harness = typeof import("../harness/fresh-process.js");

const packageRoot = fileURLToPath(new URL("../../", import.meta.url));
const built = new URL("../../dist/bench/harness/fresh-process.js", import.meta.url);
const { measureInFreshProcess }: Harness = await import(fileURLToPath(built));

const small: DispatchCostsParameters = { measure: "dispatch-costs", warmupMs: 1, measureMs: 1, hopRunsMax: 1, commits: 10 };
const always = (us: number): Percentiles => ({ p50: us, p90: us, p99: us, max: us });
const costs: MeasuredCosts = { dispatchUs: 1_000, hopUs: always(0), commitUs: always(2_000) };

const folder = mkdtempSync(join(tmpdir(), "simulator-goals-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("costs are measured, and have percentiles only of many values", async () => {
  const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["costs"], parameters: small });
  const { costs: measured, commits } = sample as DispatchCostsSample; // as: what this measurement prints
  expect(measured).toEqual({ dispatchUs: expect.any(Number) });
  expect(measured.dispatchUs).toBeGreaterThan(0);
  expect(commits).toBe(10);
});

test("costs with percentiles come out of 10,000 runs, and the simulator reads them", async () => {
  const [sample] = await measureInFreshProcess({
    contender: "dataflower",
    workloads: ["costs"],
    parameters: { ...small, commits: 10_000 },
  });
  const { costs: measured } = sample as DispatchCostsSample; // as: what this measurement prints
  const [file, bag] = [join(folder, "costs.json"), join(folder, "bag.csv")];
  writeFileSync(file, JSON.stringify(measured));
  writeFileSync(bag, "submit_time,duration\n0,0\n");
  const flags = ["--machines", "1", "--dispatch", "workers", "--costs", file];
  const { makespanMs } = await jsonOfCommandLine<{ makespanMs: number }>(packageRoot, ["simulate", bag, ...flags]);
  expect(makespanMs * 1e3).toBeGreaterThanOrEqual(measured.commitUs!.p50);
});

test("without the data nothing is measured, which is said", async () => {
  const options = { rounds: 1, seed: 1, cores: 2, packageRoot: join(folder, "none/"), isQuick: true };
  const { findings, note } = await measureSimulatorGoals(options);
  expect(findings.map(verdictOf)).toEqual(findings.map(() => "not measured"));
  expect(note).toContain("NOTHING WAS MEASURED");
});

const sharedData = sharedDataOf(packageRoot);
if (sharedData === undefined) console.warn("SKIPPED goals of the simulator: there is no third-party data in ../shared/data");

describe.skipIf(sharedData === undefined)("beside recorded workloads", () => {
  const traces = sharedData === undefined ? [] : recordedTraces(sharedData);
  const traceOf = (start: string): RecordedTrace => traces.find(({ name }) => name.startsWith(start))!;

  test("there are 25 with what is known of them", () => {
    expect(traces.length).toBe(25);
    expect(traces.every((trace) => trace.seconds("lb_P2") <= trace.seconds("graham_ub_P2"))).toBe(true);
    expect(() => traces[0]?.seconds("lb_P3")).toThrow("lb_P3");
  });

  test("ideal schedules are those of the reference", () => {
    const schedules = idealSchedulesOf(traceOf("rnaseq"));
    expect(schedules.length).toBe(12);
    for (const { deviation } of schedules) expect(deviation).toBeLessThan(0.001);
  });

  test("a bag waits as long as others have computed", async () => {
    const { meanWaitMs, listedMs } = await measureBagWait(packageRoot, sharedData!, bagCases[1]!);
    expect(Math.abs(meanWaitMs / listedMs - 1)).toBeLessThan(0.01);
  });

  test("two processes simulate the same", async () => {
    const big = await measureBigSimulation(packageRoot, traceOf(BIG_TRACE), 1_122);
    expect(big).toEqual({ tasks: 2_242, elapsedMs: [expect.any(Number), expect.any(Number)], areBytesEqual: true });
  });

  test("a replay gives the reference digest, and another trace's would be seen", async () => {
    const trace = traceOf("helloworld-chain");
    expect(await measureReplay(packageRoot, trace)).toMatchObject({ tasks: trace.tasks, isDigestRight: true });
    const other = { ...trace, digest: traceOf("rnaseq").digest };
    expect(await measureReplay(packageRoot, other)).toMatchObject({ isDigestRight: false });
  });

  test("a replay that spins has bounds and a simulation with costs, all at one scale", async () => {
    const replay = await measureSimulatedReplay(packageRoot, traceOf("helloworld-chain"), { upperMs: 100, costs });
    expect(replay).toMatchObject({ isDigestRight: true, upperMs: 100 });
    expect(replay.lowerMs).toBeCloseTo(100, 6); // a chain has one schedule
    expect(replay.simulatedMs).toBeCloseTo(100 + 5 + 2, 6); // five tasks, one commit
  });
});
