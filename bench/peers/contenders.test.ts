/**
 * Every contender, small: opens, gives right answers and closes, in a process of its own as when it is measured. The answers are checked by
 * the harness, which fails the process when one is wrong (closed-loop.test.ts shows that it does).
 */

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import type { LatencySample } from "../harness/measurements/latency.js";
import type { WordCountSample } from "../harness/measurements/word-count.js";
import type { Parameters } from "../harness/unit.js";
import { shapes } from "../workloads/graphs.js";
import { contenderNames } from "./graph/contenders.js";
import { wordCountContenders } from "./word-count/contenders.js";

const child = fileURLToPath(new URL("../../dist/bench/harness/child.js", import.meta.url));

async function measure(contender: string, workloads: string, parameters: Parameters): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [child, contender, workloads, JSON.stringify(parameters)]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>); // as: child.ts prints objects
}

const small = { threads: 2, inFlight: 3, warmupMs: 1, measureMs: 5 } as const;

describe.each(contenderNames)("%s", (contender) => {
  test.each(["sync", "async"] as const)("answers every graph with %s handlers", async (handlers) => {
    const workloads = ["chain-1", ...shapes.map((shape) => `${shape}-23`)];
    const samples = await measure(contender, workloads.join(), { measure: "throughput", handlers, ...small });
    expect(samples.map(({ workload }) => workload)).toEqual(workloads);
    for (const { runs, tasksPerSecond } of samples) {
      expect(runs).toBeGreaterThan(0);
      expect(tasksPerSecond).toBeGreaterThan(0);
    }
  });
});

describe("an open loop", () => {
  test.each(["sequential", "async-auto", "piscina-run", "dataflower"])(
    "measures every run of %s from its intended start",
    async (contender) => {
      const parameters: Parameters = { measure: "latency", handlers: "sync", ...small, share: 0.2, openLoopMs: 60, seed: 1 };
      const [sample] = (await measure(contender, "fan-5", parameters)) as unknown as LatencySample[]; // as: what this measurement prints
      expect(sample!.runs).toBeGreaterThan(0);
      expect(sample!.offeredPerSecond).toBeLessThan(sample!.capacityPerSecond);
      expect(sample!.own !== undefined).toBe(contender === "dataflower");
    },
  );
});

test("the echo comes back", async () => {
  const [sample] = await measure("echo", "echo", { measure: "echo", inFlight: 3, warmupMs: 1, measureMs: 5 });
  expect(sample!.echoes).toBeGreaterThan(0);
});

describe("word count", () => {
  const packageRoot = mkdtempSync(join(tmpdir(), "word-count-"));
  mkdirSync(join(packageRoot, "node_modules", "a"), { recursive: true });
  for (const [name, text] of Object.entries({ "A.md": "one two two", "B.md": "two three __proto__ constructor", "C.md": "" })) {
    writeFileSync(join(packageRoot, "node_modules", "a", name), text);
  }
  afterAll(() => rmSync(packageRoot, { recursive: true }));

  test.each(wordCountContenders)("by %s", async (contender) => {
    const [sample] = await measure(contender, "word-count", { measure: "word-count", threads: 2, packageRoot, repeats: 2 });
    const { fileCount, wordCount, makespansMs } = sample as unknown as WordCountSample; // as: what this measurement prints
    expect({ fileCount, wordCount, repeats: makespansMs.length }).toEqual({ fileCount: 3, wordCount: 7, repeats: 2 });
  });
});

test("a contender, a workload or a measurement that does not exist fails its process", async () => {
  await expect(measure("nobody", "chain-1", { measure: "throughput", handlers: "sync", ...small })).rejects.toThrow(
    "the contender must be one of dataflower",
  );
  await expect(measure("sequential", "ring-1", { measure: "throughput", handlers: "sync", ...small })).rejects.toThrow(
    "its name must be chain",
  );
});
