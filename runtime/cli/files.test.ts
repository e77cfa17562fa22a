import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandLine } from "./command-line.fixture.js";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Two leaves that read one root; `id`s that are no legal names. */
const trace = {
  name: "a trace",
  schemaVersion: "1.5",
  workflow: {
    specification: {
      tasks: [
        { name: "leaf", id: "leaf#1", parents: ["root.1"], children: [] },
        { name: "leaf", id: "leaf#2", parents: ["root.1"], children: [] },
        { name: "root", id: "root.1", parents: [], children: ["leaf#1", "leaf#2"] },
      ],
    },
    execution: {
      makespanInSeconds: 9,
      executedAt: "2020-01-01T00:00:00",
      tasks: [
        { id: "leaf#1", runtimeInSeconds: 2 },
        { id: "leaf#2", runtimeInSeconds: 1 },
        { id: "root.1", runtimeInSeconds: 3 },
      ],
    },
  },
};
const root = sha256("root.1\n");
const leaves = ["leaf#1", "leaf#2"].map((id) => sha256(`${id}\n${root}`));
const digest = sha256(leaves.toSorted().join("\n"));

const files = {
  "package.json": `{ "type": "module" }`,
  "tasks.mjs": `
export function double({ n }) { return n * 2; }
export default function add({ a, b }) { return a + b; }
`,
  "sum.yaml": `
name: sum
tasks:
  sum: { run: tasks.mjs, inputs: { a: "\${a}", b: "\${b}" } }
  a: { run: "tasks.mjs#double", inputs: { n: "\${input.n}" } }
  b: { run: "tasks.mjs#double", inputs: { n: 4 }, after: [a] }
`,
  "trace.json": JSON.stringify(trace),
  "backwards.mjs": `
import { policy } from "dataflower/schedulers";
export const backwards = policy({ name: "last-first", module: import.meta.url }, { rank: (task) => -task.position });
`,
  "idle.mjs": `
import { workflow } from "dataflower";
export const idle = workflow({ name: "idle", module: import.meta.url }, (flow) => flow.map([], (n) => flow.task((n) => n, n)));
`,
  "order.mjs": `
import { workflow } from "dataflower";
const order = [];
function note({ n }) { order.push(n); return n; }
function all() { return order; }
export const notes = workflow({ name: "notes", module: import.meta.url }, (flow) => {
  const noted = [0, 1, 2, 3].map((n) => flow.task(note, { n }));
  return flow.task(all, {}, { after: noted });
});
`,
};

let line: CommandLine;
beforeAll(() => {
  line = new CommandLine(files);
});
afterAll(() => line.remove());

describe.concurrent("a recorded execution as FILE", () => {
  test.each([["none"], ["timer"], ["spin"]])("is replayed with the body %s: its tasks pass on hashes", async (body) => {
    const { status, stdout, stderr } = await line.run([
      "run",
      "trace.json",
      "--body",
      body,
      "--time-scale",
      "1e-3",
      "--workers",
      "2",
      "--json",
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining("DF_") });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ workflow: "a-trace", status: "completed", digest, tasks: 3, edges: 2, criticalPathMs: 5 });
    expect(report.tasksByWorker.reduce((sum: number, tasks: number) => sum + tasks, 0)).toBe(3);
    if (body !== "none") expect(report.makespanMs).toBeGreaterThanOrEqual(5); // no schedule is shorter than the longest path
    if (body === "spin") expect(report.workMs).toBeGreaterThanOrEqual(6);
  });

  test("prints its digest for people", async () => {
    const { status, stdout } = await line.run(["run", "trace.json", "--workers", "1"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${digest}\n` });
  });

  test("is checked and drawn", async () => {
    expect(await line.run(["lint", "trace.json"])).toMatchObject({ status: 0, stdout: "a-trace: ok, 3 tasks, 2 edges\n" });
    expect(await line.run(["graph", "trace.json"])).toMatchObject({ status: 0, stdout: expect.stringContaining("root.1") });
  });
});

describe.concurrent("a YAML file as FILE", () => {
  test("is run", async () => {
    const { status, stdout } = await line.run(["run", "sum.yaml", "--input", `{"n":3}`, "--workers", "2"]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "14\n" });
  });

  test("is checked and drawn", async () => {
    expect(await line.run(["lint", "sum.yaml"])).toMatchObject({ status: 0, stdout: "sum: ok, 3 tasks, 3 edges\n" });
    expect(await line.run(["graph", "sum.yaml", "--format", "dot"])).toMatchObject({ status: 0, stdout: expect.stringContaining("sum") });
  });
});

describe.concurrent("--scheduler MODULE#NAME", () => {
  test.each([["backwards.mjs#backwards"], ["backwards.mjs#last-first"]])("%s orders the tasks of a run", async (scheduler) => {
    const { status, stdout } = await line.run(["run", "order.mjs", "--scheduler", scheduler, "--workers", "1", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).output).toEqual([3, 2, 1, 0]);
  });
});

describe.concurrent("--export", () => {
  test("writes what was executed, which can be replayed", async () => {
    const exported = await line.run(["run", "sum.yaml", "--input", `{"n":3}`, "--export", "sum.json"]);
    expect(exported).toMatchObject({ status: 0, stdout: "14\n" });
    expect(JSON.parse(line.read("sum.json"))).toMatchObject({ schemaVersion: "1.5" });
    const replayed = await line.run(["run", "sum.json", "--json"]);
    expect(replayed.status).toBe(0);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ workflow: "sum", tasks: 3, edges: 3 });
  });

  test.each([
    [["--json"], `"output":[]`],
    [[], "[]"],
  ])("prints the result of a run of which there is nothing to export %j", async (options, output) => {
    const { status, stdout, stderr } = await line.run(["run", "idle.mjs", "--export", "idle.json", ...options]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("dataflower: DF_SPEC_INVALID: Cannot export") });
    expect(stdout).toContain(output);
    expect(() => line.read("idle.json")).toThrow("ENOENT");
  });
});
