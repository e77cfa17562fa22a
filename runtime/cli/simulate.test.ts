import { afterAll, describe, expect, test } from "vitest";
import { CommandLine, type Outcome } from "./command-line.fixture.js";

const schedulers = new URL("../../dist/schedulers/index.js", import.meta.url).href;

const recorded = JSON.stringify({
  name: "pair",
  schemaVersion: "1.5",
  workflow: {
    specification: {
      tasks: [
        { name: "a", id: "a", parents: [], children: ["b"] },
        { name: "b", id: "b", parents: ["a"], children: [] },
      ],
    },
    execution: {
      makespanInSeconds: 3,
      executedAt: "2026-01-31T18:17:03",
      tasks: [
        { id: "a", runtimeInSeconds: 1 },
        { id: "b", runtimeInSeconds: 2 },
      ],
    },
  },
});

const files = {
  "package.json": `{ "type": "module" }`,
  "pair.json": recorded,
  "bag.csv": "submit_time,duration,cpu\n0,2,1\n0,1,1\n4,1,2\n",
  "due.csv": "submit_time,duration,deadline\n0,2,3\n0,2,3\n",
  "late.csv": "TIMESTAMP\n2026-01-31 18:17:03.25\n2026-01-31 18:17:13.25\n",
  "backwards.csv": "submit_time\n1\n0\n",
  "machines.yaml": "- { cores: 2, pricePerHour: 3600 }\n",
  "policies.js": `import { policy } from "${schedulers}";
const last = () => { const tasks = []; return { name: "lifo", get size() { return tasks.length; },
  insert: (task) => tasks.push(task), take: () => tasks.pop(), remove: () => false, reprioritise: () => false }; };
export const lifo = policy({ name: "lifo", module: import.meta.url }, { create: last });`,
  "busy.js": `import { policy } from "${schedulers}";
const rank = () => { console.error("simulating"); for (const end = Date.now() + 4_000; Date.now() < end; ); return 0; };
export const busy = policy({ name: "busy", module: import.meta.url }, { rank });`,
  "broken.js": `throw new Error("not today");`,
};

describe("dataflower simulate", () => {
  const line = new CommandLine(files);
  afterAll(() => line.remove());
  const simulate = (...options: string[]): Promise<Outcome> => line.run(["simulate", ...options]);
  const jsonOf = ({ stdout }: Outcome): Record<string, unknown> => JSON.parse(stdout);

  test("prints a table, and nothing on standard error", async () => {
    const { status, stdout, stderr } = await simulate("pair.json", "--machines", "1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("1 runs, 2 attempts on 1 machines (1 cores)");
    expect(stdout).toMatch(/makespan 3 s/);
    expect(stdout).toMatch(/^wait +2 +0\.00 ms/m);
  });

  test("tells what schedulers have learnt, where that is asked for", async () => {
    const learnt = await simulate("pair.json", "--machines", "1", "--scheduler", "ml-based", "--estimates", "none", "--explain");
    expect(learnt.stdout).toContain("learned, simulated: 2 kinds of tasks");
    expect(learnt.stdout).toMatch(/^ {2}a: 1 attempt, median [\d.]+ m?s; not known well enough: goes by estimates$/m);
    const late = await simulate("due.csv", "--machines", "1", "--scheduler", "deadline", "--explain");
    expect(late.stdout).toContain("deadline, simulated: 1 task could not end in time any more\n  task of 1: 1 s late at best");
    const nothing = await simulate("bag.csv", "--machines", "1", "--explain");
    expect(nothing.stdout).toMatch(/\nthis scheduler learns nothing\n$/);
    expect(jsonOf(await simulate("bag.csv", "--machines", "1", "--scheduler", "adaptive", "--json"))).not.toHaveProperty("learned");
    const json = jsonOf(await simulate("bag.csv", "--machines", "1", "--scheduler", "adaptive", "--json", "--explain"));
    expect(json.learned).toMatchObject({ adaptive: { switchCount: 0, switches: [] } });
  });

  test("policies are not told run times that are held back", async () => {
    const order = async (...options: string[]) =>
      (
        jsonOf(await simulate("bag.csv", "--machines", "1", "--scheduler", "sjf", "--decisions", "--json", ...options)).decisions as {
          run: number;
        }[]
      ).map(({ run }) => run);
    expect(await order()).toEqual([1, 0, 2]);
    expect(await order("--estimates", "none")).toEqual([0, 1, 2]);
    expect(await simulate("bag.csv", "--machines", "1", "--estimates", "some")).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("DF_OPTION_INVALID"),
    });
  });

  test("prints one JSON object, the same bytes in every process", async () => {
    const options = ["bag.csv", "--machines", "machines.yaml", "--arrivals", "poisson:2", "--seed", "7", "--decisions", "--json"];
    const [one, other] = await Promise.all([simulate(...options), simulate(...options)]);
    expect(one.stdout).toBe(other.stdout);
    expect(jsonOf(one)).toMatchObject({ scheduler: "fifo", dispatch: "ideal", machines: 1, cores: 2, seed: 7, runs: 3, tasks: 3 });
    expect((jsonOf(one).decisions as unknown[]).length).toBe(3);
  });

  test("has tasks take what they reserve of listed machines, and charges for them", async () => {
    const result = jsonOf(await simulate("bag.csv", "--machines", "machines.yaml", "--json"));
    expect(result).toMatchObject({ makespanMs: 5_000, costUsd: 3, utilisation: 0.5, deadlineMisses: 0 });
    expect(result.waitMs).toEqual({ count: 3, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  });

  test("has workflows take turns, as many as there are arrivals, or as --runs says", async () => {
    const turns = jsonOf(await simulate("pair.json", "pair.json", "--machines", "9", "--arrivals", "late.csv", "--json"));
    expect(turns).toMatchObject({ runs: 2, makespanMs: 13_000 });
    const more = jsonOf(await simulate("pair.json", "--machines", "1", "--runs", "5", "--json"));
    expect(more).toMatchObject({ runs: 5, tasks: 10, makespanMs: 15_000 });
  });

  test("takes a policy by module and name", async () => {
    const { decisions } = jsonOf(
      await simulate("bag.csv", "--machines", "1", "--scheduler", "./policies.js#lifo", "--decisions", "--json"),
    );
    expect((decisions as { run: number }[]).map(({ run }) => run)).toEqual([1, 0, 2]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("is ended by %s, however busy it is", async (signal) => {
    const command = line.start(["simulate", "bag.csv", "--machines", "1", "--scheduler", "./busy.js#busy"]);
    await command.saying("simulating");
    command.signal(signal);
    expect(await command.end()).toMatchObject({ status: null, stdout: "" });
    expect(command.endedBy).toBe(signal);
  });

  test("scales the load", async () => {
    const { makespanMs } = jsonOf(await simulate("bag.csv", "--machines", "1", "--load", "0.5", "--json"));
    expect(makespanMs).toBe(9_000); // 4 s of work at half of capacity come over 8 s, and the last task takes 1 s
  });

  test.each([
    [["pair.json"], "DF_OPTION_INVALID", "--machines"],
    [["pair.json", "--machines", "0"], "DF_OPTION_INVALID", "--machines"],
    [["pair.json", "--machines", "none.yaml"], "DF_OPTION_INVALID", "none.yaml"],
    [["pair.json", "--machines", "1", "--scheduler", "nice"], "DF_SCHEDULER_UNKNOWN", "fifo"],
    [["pair.json", "--machines", "1", "--scheduler", "./broken.js#x"], "DF_MODULE_FAILED", "not today"],
    [["pair.json", "--machines", "1", "--scheduler", "./none.js#x"], "DF_MODULE_NOT_FOUND", "none.js"],
    [["pair.json", "--machines", "1", "--seed", "x"], "DF_OPTION_INVALID", "--seed"],
    [["pair.json", "--machines", "1", "--decisions"], "DF_OPTION_INVALID", "--json"],
    [["pair.json", "--machines", "1", "--load", "0"], "DF_OPTION_INVALID", "--load"],
    [["pair.json", "--machines", "1", "--load", "0.5"], "DF_OPTION_INVALID", "at once"],
    [["pair.json", "--machines", "1", "--runs", "0"], "DF_OPTION_INVALID", "--runs"],
    [["bag.csv", "--machines", "1", "--runs", "4"], "DF_OPTION_INVALID", "at most the 3"],
    [["pair.json", "--machines", "1", "--dispatch", "best"], "DF_OPTION_INVALID", "--dispatch"],
    [["pair.json", "--machines", "1", "--arrivals", "poisson:-1"], "DF_OPTION_INVALID", "poisson"],
    [["pair.json", "--machines", "1", "--arrivals", "backwards.csv"], "DF_SPEC_INVALID", "backwards.csv:3"],
    [["bag.csv", "pair.json", "--machines", "1"], "DF_OPTION_INVALID", "one CSV file"],
    [["policies.js", "--machines", "1"], "DF_OPTION_INVALID", "policies.js"],
    [["none.json", "--machines", "1"], "DF_OPTION_INVALID", "none.json"],
  ])("refuses %j with %s", async (options, code, text) => {
    const { status, stderr, stdout } = await simulate(...options);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`dataflower: ${code}: `);
    expect(stderr).toContain(text);
  });
});
