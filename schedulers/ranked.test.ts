import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { policyConformance, type TestTask, testTask } from "./policy.conformance.js";
import { Ranked } from "./ranked.js";

const deadlineOf = ({ deadline }: { readonly deadline: number | undefined }): number => deadline ?? Number.POSITIVE_INFINITY;

policyConformance(
  "by-rank",
  () => new Ranked("by-rank", { rank: (task, now) => now * task.attempt }),
  (task, now) => [now * task.attempt],
);
policyConformance(
  "by-comparison",
  () => new Ranked("by-comparison", { before: (a, b) => deadlineOf(a) < deadlineOf(b) }),
  (task) => [deadlineOf(task)],
);

describe("Ranked", () => {
  test("reads the rank of a task once when it is inserted, and again only when that is asked for", () => {
    const read: number[] = [];
    const policy = new Ranked<TestTask>("noting", { rank: (task, now) => read.push(now) && task.attempt });
    const tasks = Array.from({ length: 50 }, (_, number) => testTask(number, { attempt: (number * 7) % 11 }));
    tasks.forEach((task, now) => void policy.insert(task, now));
    policy.reprioritise(tasks[9] as TestTask, 99);
    policy.reprioritise(testTask(50), 100);
    while (policy.take() !== undefined);
    expect(read).toEqual([...tasks.keys(), 99]);
  });

  test("stays as it was where a rank throws", () => {
    let isTorn = false;
    const torn = new Ranked<TestTask>("torn", {
      rank: ({ attempt }) => {
        if (isTorn) throw new Error("torn");
        return attempt;
      },
    });
    const [one, two] = [testTask(1, { attempt: 1 }), testTask(2, { attempt: 2 })];
    torn.insert(one, 0);
    isTorn = true;
    expect(() => torn.insert(two, 0)).toThrow("torn");
    expect(() => torn.reprioritise(one, 0)).toThrow("torn");
    expect([torn.size, one.place, two.place]).toEqual([1, 0, -1]);
    expect(torn.take()).toBe(one);
  });

  test("goes by ranks of every kind of number", () => {
    const ranks = fc.array(fc.double({ noNaN: true }), { maxLength: 100 });
    fc.assert(
      fc.property(ranks, (given) => {
        const policy = new Ranked<TestTask>("given", { rank: ({ attempt }) => given[attempt] as number });
        given.forEach((_, attempt) => void policy.insert(testTask(attempt, { attempt }), 0));
        const taken = given.map(() => given[policy.take()?.number as number] as number);
        expect(taken.map((rank) => rank + 0)).toEqual([...given].sort((a, b) => a - b || 0).map((rank) => rank + 0));
      }),
    );
  });
});
