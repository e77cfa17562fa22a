import { expect, test } from "vitest";
import { callCompiled } from "../../harness/fresh-process.fixture.js";
import type { Resources } from "./resources.js";

const module = "experiments/measured/resources.js";
const small = { workload: "stencil-20", encode: "needed", threads: 2, warmupMs: 20, measureMs: 100 } as const;
const measure = async (argument: object) => (await callCompiled(module, "measureResources", { ...small, ...argument })) as Resources; // as: what it returns

test("an engine at work spends processor time on its workers, and stores what it is to keep", async () => {
  const used = await measure({ store: "lmdb", inFlight: 8 });
  expect(used.tasks).toBeGreaterThan(0);
  expect(used.workersMs).toHaveLength(2);
  expect(used.controlMs + used.workersMs[0]!).toBeGreaterThan(0);
  expect(used.storedBytes).toBeGreaterThan(4096);
  expect(used.residentBytes).toBeGreaterThan(2 ** 24);
});

test("an engine with nothing to do executes nothing", async () => {
  const used = await measure({ store: "memory", inFlight: 0 });
  expect(used).toMatchObject({ tasks: 0, storedBytes: 0 });
  expect(used.elapsedMs).toBeGreaterThanOrEqual(99);
});

test("a wrong workload fails its process, and so does a name that is not exported", async () => {
  await expect(measure({ store: "memory", inFlight: 1, workload: "ring-3" })).rejects.toThrow("Cannot make a workload");
  await expect(callCompiled(module, "nothing", {})).rejects.toThrow("must export a function of this name: it does not");
});
