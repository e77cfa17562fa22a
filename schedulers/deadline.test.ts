import { describe, expect, test } from "vitest";
import { deadline, deadlineShed } from "./deadline.js";
import { createPolicy, Learners } from "./index.js";
import { type KeyOf, policyConformance, type TestTask, testTask } from "./policy.conformance.js";

const random = () => 0;
const make = () => createPolicy<TestTask>(deadline, { random });
const makeShedding = () => createPolicy<TestTask>(deadlineShed, { random });

/** In time by latest start, then what has no deadline in FIFO order, and what is late by what is left of it. */
const keyOf =
  (lateClass: number): KeyOf =>
  ({ deadline: due, remainingPath, readyAt }, _, now) => {
    if (due === undefined) return [0, Number.POSITIVE_INFINITY, readyAt];
    return due - remainingPath < now ? [lateClass, remainingPath, 0] : [0, due - remainingPath, 0];
  };

policyConformance("deadline", make, keyOf(1));
policyConformance("deadline-shed", makeShedding, keyOf(-1));

const numbers = (policy: ReturnType<typeof make>, now: number) => Array.from({ length: policy.size }, () => policy.take(now)?.number);

describe("deadline", () => {
  test("the one that has to start first goes first, not the one that is due first", () => {
    const policy = make();
    policy.insert(testTask(1, { deadline: 100, remainingPath: 10 }), 0);
    policy.insert(testTask(2, { deadline: 120, remainingPath: 60 }), 0);
    policy.insert(testTask(3), 0);
    expect(numbers(policy, 0)).toEqual([2, 1, 3]);
  });

  test("what cannot make it goes behind all that still can, shortest first, and is told once", () => {
    const learners = new Learners();
    const policy = createPolicy<TestTask>(deadline, { random, learners });
    policy.insert(testTask(1, { deadline: 50, remainingPath: 40, task: "long" }), 0);
    policy.insert(testTask(2, { deadline: 50, remainingPath: 31 }), 0);
    policy.insert(testTask(3, { deadline: 500, remainingPath: 1 }), 0);
    policy.insert(testTask(4), 0);
    expect(numbers(policy, 20)).toEqual([3, 4, 2, 1]);
    expect(learners.snapshots().deadline).toMatchObject({ count: 2, newest: [{ task: "long", atMs: 20, lateMs: 10 }, { lateMs: 1 }] });
  });

  test("a task that can end at its very deadline is in time", () => {
    const policy = make();
    policy.insert(testTask(1, { deadline: 50, remainingPath: 30 }), 0);
    policy.insert(testTask(2), 0);
    expect(numbers(policy, 20)).toEqual([1, 2]);
  });

  test("a late task whose deadline was put off is in time again", () => {
    const policy = make();
    const task = testTask(1, { deadline: 10, remainingPath: 5 });
    policy.insert(task, 0);
    policy.insert(testTask(2, { deadline: 60, remainingPath: 1 }), 0);
    policy.insert(testTask(3, { deadline: 70, remainingPath: 1 }), 0);
    expect(policy.take(20)?.number).toBe(2);
    Object.assign(task, { deadline: 40 });
    expect(policy.reprioritise(task, 20)).toBe(true);
    expect(numbers(policy, 20)).toEqual([1, 3]);
  });

  test("sheds what is late before anything else, and nothing that is not", () => {
    const shed: [unknown, number][] = [];
    const policy = createPolicy<TestTask>(deadlineShed, { random, shed: (task, lateMs) => void shed.push([task, lateMs]) });
    const late = testTask(1, { deadline: 50, remainingPath: 40 });
    policy.insert(testTask(2, { deadline: 500, remainingPath: 1 }), 0);
    policy.insert(late, 0);
    expect(numbers(policy, 20)).toEqual([1, 2]);
    expect(shed).toEqual([[late, 10]]);
  });
});
