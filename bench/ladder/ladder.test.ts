import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { contender as sequential } from "../peers/graph/sequential.js";
import { chain } from "../workloads/chain.js";
import { inputOf } from "../workloads/inputs.js";
import { stencil } from "../workloads/stencil.js";
import type { TaskGraph } from "../workloads/task-graph.js";
import { actors, measuredActors } from "./actors.js";
import { copies } from "./copies.js";
import { LoneWorker } from "./lone-worker.js";
import { loneWorkflow } from "./lone-workflow.js";
import { rungs } from "./rungs.js";

const child = fileURLToPath(new URL("../../dist/bench/harness/child.js", import.meta.url));

describe.each(rungs.map(({ name }) => name))("the rung %s", (rung) => {
  test("gives right answers in a process of its own; the harness fails it when one is wrong", async () => {
    const parameters = { measure: "ladder", handlers: "sync", threads: 2, inFlight: 3, warmupMs: 1, measureMs: 5 };
    const workloads = ["chain-1", "chain-4", "fan-5", "stencil-23"];
    const { stdout } = await promisify(execFile)(process.execPath, [child, rung, workloads.join(), JSON.stringify(parameters)]);
    const samples = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { workload: string; runs: number }); // what child.ts prints
    expect(samples.map(({ workload }) => workload)).toEqual(workloads);
    for (const { runs } of samples) expect(runs).toBeGreaterThan(0);
  });
});

test("a rung that does not exist fails its process", async () => {
  const run = promisify(execFile)(process.execPath, [child, "nowhere", "chain-1", '{"measure":"ladder"}']);
  await expect(run).rejects.toThrow("the rung must be one of loop, copies, actors");
});

/** The output of one task is read three times. */
const readThrice: TaskGraph = { ...chain(1), name: "read-thrice", sinks: [0, 0, 0] };

test.each([
  ["the loop", 1, sequential],
  ["copies", 3, copies],
  ["actors", 3, actors],
  ["measured actors", 3, measuredActors],
])("%s: what is read three times is as many objects as %i", async (_, objects, rung) => {
  const session = await rung.open({ graph: readThrice, threads: 1, handlers: "sync" });
  const answer = await session.run(inputOf(1));
  const [output] = chain(1).expected(inputOf(1));
  expect(answer).toEqual([output, output, output]);
  expect(new Set(answer).size).toBe(objects);
  await session.close();
});

test("the histograms of a lone worker hold each task once, and one that measures nothing has none", () => {
  const graph = stencil(23);
  for (const isMeasuring of [true, false]) {
    const worker = new LoneWorker(loneWorkflow(graph, "once"), { isMeasuring });
    for (let run = 0; run < 3; run++) expect(worker.run(inputOf(run))).toEqual(graph.expected(inputOf(run)));
    expect(worker.measuredCount).toBe(isMeasuring ? 3 * graph.size : 0);
  }
});

test("a run that fails is no answer", () => {
  const worker = new LoneWorker(loneWorkflow(stencil(23), "once"), { isMeasuring: false });
  expect(() => worker.run(undefined)).toThrow("its handler must return"); // it reads `v` of nothing
});
