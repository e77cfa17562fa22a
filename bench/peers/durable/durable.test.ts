/**
 * Every durable contender, small: opens, gives right answers and closes, in a process of its own and beside a real server, as when it is measured. The answers
 * are checked by the harness, which fails the process when one is wrong.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import type { Throughput } from "../../harness/closed-loop.js";
import type { DurableParameters } from "../../harness/measurements/durable.js";
import { hasRedisServer } from "../../harness/redis-server.js";
import { graphOf, shapes } from "../../workloads/graphs.js";
import { Batcher } from "./batcher.js";
import { LiveRuns } from "./live-runs.js";
import { findRestate } from "./restate/installation.js";
import { levelsOf } from "./restate/levels.js";
import { isTree } from "./tree.js";

const hasRedis = hasRedisServer();
if (!hasRedis && process.env.CI === "true") throw new Error("redis-server must be installed");
if (!hasRedis) console.warn("SKIPPED BullMQ as a peer: redis-server is not installed");

const restate = process.env.DF_RESTATE;
const hasRestate = restate !== undefined && findRestate(restate) !== undefined;
if (!hasRestate) console.warn("SKIPPED Restate as a peer: DF_RESTATE names no folder that it was installed into");

const child = fileURLToPath(new URL("../../../dist/bench/harness/child.js", import.meta.url));
const small = { measure: "durable", threads: 2, commit: "strict", inFlight: 3, warmupMs: 1, measureMs: 5 } as const;

async function measure(contender: string, workloads: readonly string[], parameters: Omit<DurableParameters, keyof typeof small>) {
  const words = [child, contender, workloads.join(), JSON.stringify({ ...small, ...parameters })];
  const { stdout } = await promisify(execFile)(process.execPath, words, { timeout: 60_000 });
  const lines = stdout.trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Throughput & { readonly workload: string }); // as: child.ts prints these
}

function expectRunsOf(samples: Awaited<ReturnType<typeof measure>>, workloads: readonly string[]): void {
  expect(samples.map(({ workload }) => workload)).toEqual(workloads);
  for (const { runs, tasksPerSecond } of samples) expect([runs > 0, tasksPerSecond > 0]).toEqual([true, true]);
}

const graphs = ["chain-1", ...shapes.map((shape) => `${shape}-23`)];
const trees = graphs.filter((name) => isTree(graphOf(name)));

describe.skipIf(!hasRedis)("BullMQ", { timeout: 60_000 }, () => {
  test.each(["process", "disk"] as const)("executes every graph as jobs, durability %s", async (durability) => {
    expectRunsOf(await measure("bullmq-jobs", graphs, { store: "redis", durability }), graphs);
  });

  test.each(["process", "disk"] as const)("executes every tree as a flow, durability %s", async (durability) => {
    expectRunsOf(await measure("bullmq-flow", trees, { store: "redis", durability }), trees);
  });

  test("executes nothing else as a flow", async () => {
    await expect(measure("bullmq-flow", ["stencil-23"], { store: "redis", durability: "process" })).rejects.toThrow(
      "a flow must be a tree",
    );
  });
});

describe.skipIf(!hasRestate)("Restate", { timeout: 120_000 }, () => {
  test.each(["process", "disk"] as const)("executes every graph as steps, durability %s", async (durability) => {
    const few = ["chain-3", "stencil-23"];
    expectRunsOf(await measure("restate", few, { store: "own", durability, ...(restate && { restate }) }), few);
  });
});

test("Restate that is not there is told of, with how to install it", async () => {
  await expect(measure("restate", ["chain-1"], { store: "own", durability: "disk", restate: "/no-such-folder" })).rejects.toThrow(
    "npm install --ignore-scripts --prefix /no-such-folder @restatedev/restate-server",
  );
});

test("Restate is there when all of it is", () => {
  const folder = mkdtempSync(join(tmpdir(), "restate-"));
  try {
    const platform = `${process.platform}-${process.arch}`;
    const files = [
      `@restatedev/restate-server-${platform}/bin/restate-server`,
      "@restatedev/restate-sdk/dist/index.js",
      `node-${platform}/bin/node`,
    ];
    for (const file of files) {
      expect(findRestate(folder)).toBeUndefined();
      const path = join(folder, "node_modules", file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "");
    }
    expect(Object.values(findRestate(folder) ?? {}).sort()).toEqual(files.map((file) => join(folder, "node_modules", file)).sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a contender that does not exist fails its process", async () => {
  await expect(measure("nobody", ["chain-1"], { store: "own", durability: "disk" })).rejects.toThrow(
    "the durable contender must be one of dataflower, bullmq-jobs",
  );
});

test("trees are chains and fans in, and what has one task", () => {
  expect(trees).toEqual(["chain-1", "chain-23", "fan-in-23"]);
  expect(isTree({ ...graphOf("chain-3"), parents: [[], [], []], sinks: [0, 1, 2] })).toBe(false);
});

test("levels hold every task once, after all that it reads", () => {
  expect(levelsOf(graphOf("fan-5"))).toEqual([[0], [1, 2, 3], [4]]);
  expect(levelsOf({ ...graphOf("chain-1"), parents: [[], [0], [], [1, 2], [0]] })).toEqual([[0, 2], [1, 4], [3]]);
});

describe("a batcher", () => {
  test("sends together what is added in one turn, and what comes later by itself", async () => {
    const sent: number[][] = [];
    const batcher = new Batcher<number>(async (items) => void sent.push(items));
    await Promise.all([batcher.add(1, 2), batcher.add(3)]);
    await batcher.add(4);
    expect(sent).toEqual([[1, 2, 3], [4]]);
  });

  test("tells all of a batch that failed", async () => {
    const batcher = new Batcher<number>(() => Promise.reject(new Error("no luck")));
    const both = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});

describe("live runs", () => {
  const answer = [{ v: 1, name: "run" }];

  test("end with their answers", async () => {
    const runs = new LiveRuns<string>();
    const [first, second] = ["a", "b"].map((run) => runs.begin(run, async () => {}));
    expect([runs.get(1), runs.get(2)]).toEqual(["a", "b"]);
    runs.end(2, answer);
    runs.end(1, []);
    expect(await Promise.all([first, second])).toEqual([[], answer]);
    expect(() => runs.end(1, [])).toThrow("run 1 must be waited for");
  });

  test("fail when they cannot be started, and all together", async () => {
    const runs = new LiveRuns<undefined>();
    await expect(runs.begin(undefined, () => Promise.reject(new Error("not started")))).rejects.toThrow("not started");
    const others = [1, 2].map(() => runs.begin(undefined, async () => {}));
    runs.fail(new Error("no luck"));
    expect((await Promise.allSettled(others)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
