/** What the failure goals are measured with, small, each in a process of its own. Answers are checked in there: a wrong one fails the process. */

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Parameters } from "../harness/unit.js";

type Harness = typeof import("../harness/fresh-process.js");

const built = new URL("../../dist/bench/harness/fresh-process.js", import.meta.url);
const { measureInFreshProcess }: Harness = await import(fileURLToPath(built));

async function measure(parameters: Parameters): Promise<Readonly<Record<string, unknown>>> {
  const [sample] = await measureInFreshProcess({ contender: "dataflower", workloads: ["small"], parameters });
  return sample as Readonly<Record<string, unknown>>; // as: a process prints an object a workload
}

test("runs whose tasks fail by chance end as their coins decide", async () => {
  const coins = { measure: "coins", threads: 2, runs: 30, seed: 1, tasks: 10, failureShare: 0.4 } as const;
  expect(await measure({ ...coins, attempts: 1 })).toMatchObject({ runs: 30, completed: 0 });
  const { completed } = await measure({ ...coins, attempts: 5 });
  expect(completed).toBeGreaterThan(15);
});

test("a held thread is noticed while other runs go on", async () => {
  const { detectionsMs, otherRuns } = await measure({ measure: "detection", threads: 2, repeats: 2 });
  expect(detectionsMs).toEqual([expect.any(Number), expect.any(Number)]);
  expect(otherRuns).toBeGreaterThan(0);
});

test("a task whose thread has ended is executed again", async () => {
  const { recoveriesMs } = await measure({ measure: "recovery", repeats: 2 });
  expect(recoveriesMs).toEqual([expect.any(Number), expect.any(Number)]);
});

test("beginning an attempt is recorded", async () => {
  const { beginNs } = await measure({ measure: "in-hand", repeats: 2, calls: 100 });
  expect(beginNs).toEqual([expect.any(Number), expect.any(Number)]);
});
