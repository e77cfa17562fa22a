import { simulate } from "dataflower/simulation";
import { afterAll, describe, expect, test } from "vitest";
import { seeded } from "../../harness/random.js";
import { kindsMs, timedTasks } from "../../workloads/timed-tasks.js";
import { adversarialBags } from "./adversarial.js";
import { fourWorkflows, instancesOf } from "./four-workflows.js";
import { InstanceFiles, instances } from "./instances.js";
import { factorRegret, regretsOf, shareRegret } from "./regret.js";
import { trialOf } from "./trial.js";

const files = new InstanceFiles();
afterAll(() => files.remove());
const all = instances(files, undefined, true);

describe("instances that need no data", () => {
  test("are the four workflows and those made to be hard", () => {
    expect(all.map(({ name }) => name)).toEqual(["four", ...Object.keys(adversarialBags)]);
  });

  test.each(all.map((one) => [one.name, one] as const))(
    "%s: arrivals stand for the load, and deadlines for 1.5 to 10 times the path",
    (_, instance) => {
      const [low, high] = [0.5, 1.1].map((load) => instance.runsAt(load));
      expect(low!.length).toBe(high!.length);
      expect(low!.at(-1)!.submitMs / high!.at(-1)!.submitMs).toBeCloseTo(1.1 / 0.5, 6);
      const slack = low!.map(({ submitMs, deadlineMs }) => deadlineMs! - submitMs);
      expect(Math.min(...slack)).toBeGreaterThan(0);
      const alone = simulate({ runs: [{ ...low![0]!, submitMs: 0 }], machines: 64 }).makespanMs;
      expect(slack[0]).toBeCloseTo(1.5 * alone, 6);
    },
  );
});

test("the four workflows are replayed whole", () => {
  const four = all[0]!;
  const tasks = four
    .runsAt(0.5)
    .slice(0, 4)
    .map((run) => simulate({ runs: [{ ...run, submitMs: 0 }], machines: 64 }).tasks);
  expect(tasks).toEqual(fourWorkflows.map((workflow) => instancesOf(workflow).length));
});

test("each adversarial bag is hard for some order and not for another one", () => {
  const slowdown = (name: string, scheduler: string) => trialOf(all.find((one) => one.name === name)!, 0.9, scheduler).meanSlowdown;
  expect(slowdown("convoy", "cost")).toBeGreaterThan(2 * slowdown("convoy", "sjf"));
  const missed = (name: string, scheduler: string) => trialOf(all.find((one) => one.name === name)!, 1.1, scheduler).missed;
  expect(missed("bursts", "sjf")).toBeGreaterThan(missed("bursts", "deadline"));
});

test("the best of each column has no regret, and the others as much as they are worse", () => {
  const outcomes = [
    { column: "a", scheduler: "x", value: 2 },
    { column: "a", scheduler: "y", value: 3 },
    { column: "b", scheduler: "x", value: 8 },
    { column: "b", scheduler: "y", value: 4 },
  ];
  expect(regretsOf(outcomes, factorRegret)).toEqual({
    schedulers: ["x", "y"],
    columns: ["a", "b"],
    cells: [
      [1, 2],
      [1.5, 1],
    ],
  });
  expect(regretsOf(outcomes, shareRegret).cells).toEqual([
    [0, 4],
    [1, 0],
  ]);
});

test("tasks of milliseconds come at the load, each kind as much work as the others", () => {
  const tasks = timedTasks(200_000, 0.7, 2, seeded(1));
  const workMs = tasks.reduce((sum, { ms }) => sum + ms, 0);
  expect(workMs / (2 * tasks.at(-1)!.submitMs)).toBeCloseTo(0.7, 1);
  for (const kind of kindsMs) expect((tasks.filter(({ ms }) => ms === kind).length * kind * kindsMs.length) / workMs).toBeCloseTo(1, 0);
  expect(timedTasks(50, 0.7, 2, seeded(1))).toEqual(tasks.slice(0, 50));
});
