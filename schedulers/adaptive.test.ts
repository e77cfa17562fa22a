import { describe, expect, test } from "vitest";
import { Adaptive, adaptive } from "./adaptive.js";
import { Bandit, type BanditSnapshot, deadlinesBit, estimatesBit, type Situation } from "./bandit.js";
import { createPolicy, Learners } from "./index.js";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";

policyConformance("adaptive", () => createPolicy<TestTask>(adaptive, { random: () => 0 }), undefined);

/** Tasks of runs of their own go through a policy, of which some always wait; then it is asked what it goes by. */
function used(facts: (at: number) => Partial<TestTask>, serviceMs: (at: number) => number): { used: string; learnt: BanditSnapshot } {
  const learners = new Learners();
  const policy = new Adaptive<TestTask>({ random: () => 0, learners });
  let next = 0;
  const insert = () => policy.insert(testTask(next, { order: next, readyAt: next, ...facts(next++) }), next);
  while (next < 50) insert();
  for (let count = 0; count < 500; count++) {
    const task = policy.take(next) as TestTask;
    policy.observe(task, { serviceMs: serviceMs(task.number), isOk: true });
    insert();
  }
  return { used: policy.used, learnt: learners.snapshots().adaptive as BanditSnapshot };
}

const mixed = (at: number) => 1 + ((at * 7_919) % 1_000);

describe("adaptive", () => {
  test("while next to nothing waits it is FIFO", () => {
    const policy = new Adaptive<TestTask>({ random: () => 0 });
    for (let at = 0; at < 200; at++) {
      policy.insert(testTask(at, { order: at, readyAt: at, estimate: 1_000 - at }), at);
      policy.insert(testTask(at, { order: at, readyAt: at, estimate: 0 }), at);
      expect([policy.used, policy.take(at)?.estimate, policy.take(at)?.estimate]).toEqual(["fifo", 1_000 - at, 0]);
    }
  });

  test("where estimates tell run times apart it is SJF", () => {
    expect(used((at) => ({ estimate: mixed(at) }), mixed).used).toBe("sjf");
  });

  test("where tasks have deadlines it is Deadline", () => {
    expect(
      used(
        (at) => ({ deadline: at + 1e6, estimate: 1, remainingPath: 1 }),
        () => 1,
      ).used,
    ).toBe("deadline");
  });

  test("where all that waits is of one run it is the critical path", () => {
    const policy = new Adaptive<TestTask>({ random: () => 0 });
    for (let at = 0; at < 10; at++) policy.insert(testTask(at, { position: at, remainingPath: at }), 0);
    expect(policy.used).toBe("critical-path");
    expect(policy.take(0)?.number).toBe(9);
  });

  test("where nothing is known beforehand it tries what there is, and tells of each switch", () => {
    const { learnt } = used(() => ({}), mixed);
    expect(Object.keys(learnt.starts).sort()).toEqual(["fifo", "sjf"]);
    expect(learnt.switches).toContainEqual(expect.objectContaining({ from: "fifo", to: "sjf", why: "reward" }));
    expect(learnt.switchCount).toBe(learnt.switches.length);
  });

  test("what it counts does not drift when facts change while tasks wait", () => {
    const policy = new Adaptive<TestTask>({ random: () => 0 });
    const tasks = Array.from({ length: 20 }, (_, at) => testTask(at, { order: at, deadline: 1e9, remainingPath: 1 }));
    for (const task of tasks) policy.insert(task, 0);
    for (const task of tasks) {
      Object.assign(task, { order: 7, deadline: undefined });
      policy.reprioritise(task, 0);
    }
    for (const task of tasks) expect(policy.remove(task)).toBe(true);
    for (let at = 0; at < 5; at++) policy.insert(testTask(at, { position: at }), 0);
    expect(policy.used).toBe("deadline"); // with much waiting: it is looked at again after some starts
    for (let at = 0; at < 200; at++) {
      policy.insert(testTask(at, { position: at }), at);
      policy.take(at);
    }
    expect(policy.used).toBe("critical-path");
  });
});

describe("Bandit", () => {
  const situations: Situation[] = [0, estimatesBit, deadlinesBit];

  test.each(situations)("in situation %i goes over to what serves better, and back when that changes", (situation) => {
    const bandit = new Bandit();
    const play = (rewards: Readonly<Record<string, number>>) => {
      for (let count = 0; count < 2_000; count++) {
        const arm = bandit.best(situation);
        bandit.reward(situation, arm, rewards[arm] as number);
      }
      return Array.from({ length: 20 }, () => {
        const arm = bandit.best(situation);
        bandit.reward(situation, arm, rewards[arm] as number);
        return arm;
      });
    };
    if (situation !== 0)
      return expect(new Set(play({ fifo: 0.4, sjf: 0.9, deadline: 0.95 }))).toEqual(
        new Set([situation === estimatesBit ? "sjf" : "deadline"]),
      );
    expect(play({ fifo: 0.9, sjf: 0.2 }).filter((arm) => arm === "fifo").length).toBeGreaterThan(15);
    expect(play({ fifo: 0.2, sjf: 0.9 }).filter((arm) => arm === "sjf").length).toBeGreaterThan(15);
  });

  test("under a load that lowers all rewards it does not leave what theory prefers", () => {
    const bandit = new Bandit();
    for (let count = 0; count < 500; count++) bandit.reward(estimatesBit, "sjf", 0.9);
    for (let count = 0; count < 500; count++) bandit.reward(estimatesBit, "sjf", 0.1);
    expect(bandit.best(estimatesBit)).toBe("sjf");
  });

  test("another one that is told what it has learnt chooses the same", () => {
    const bandit = new Bandit();
    for (let count = 0; count < 100; count++) bandit.reward(0, "fifo", 0.1);
    const other = new Bandit();
    other.absorb(JSON.parse(JSON.stringify(bandit.snapshot())));
    expect(bandit.best(0)).toBe("sjf");
    expect(other.best(0)).toBe("sjf");
  });
});
