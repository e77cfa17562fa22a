/** What the goals of actors are measured with, small, each in a process of its own. Answers are checked in there: a wrong one fails the process. */

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Parameters } from "../harness/unit.js";
import { askContenderNames } from "../peers/asks/contenders.js";

type Harness = typeof import("../harness/fresh-process.js");

const built = new URL("../../dist/bench/harness/fresh-process.js", import.meta.url);
const { measureInFreshProcess }: Harness = await import(fileURLToPath(built));

async function measure(parameters: Parameters, workload = "small"): Promise<Readonly<Record<string, unknown>>> {
  const unit = { contender: "dataflower", workloads: [workload], parameters, nodeFlags: ["--expose-gc"] };
  const [sample] = await measureInFreshProcess(unit);
  return sample as Readonly<Record<string, unknown>>; // as: a process prints an object a workload
}

test.each([1, 2] as const)("actors on %i worker(s) send messages to and fro", async (workers) => {
  const { messages } = await measure({ measure: "actor-messages", workers, balls: 4, warmupMs: 1, measureMs: 1 });
  expect(messages).toBeGreaterThanOrEqual(4_000);
});

test.each(askContenderNames)("%s answers", async (by) => {
  expect(await measure({ measure: "asks", by, warmup: 5, asks: 50 })).toMatchObject({ asks: 50 });
});

test("idle actors are counted and still live", async () => {
  const { actors, liveBytes } = await measure({ measure: "idle-actors", actors: 500 });
  expect(actors).toBe(500);
  expect(liveBytes).toBeGreaterThan(500 * 100);
});

test.each([1, 2] as const)("a benchmark of the Savina suite runs on %i worker(s)", async (workers) => {
  expect(await measure({ measure: "savina", workers, scale: "tiny", warmup: 1 }, "ping-pong")).toMatchObject({ messages: 200 });
});
